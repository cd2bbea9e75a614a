using ImageBackup.Core.Errors;
using ImageBackup.Core.Persistence;
using ImageBackup.Disks;
using ImageBackup.Ova.Archive;

namespace ImageBackup.Core.Operations.Import;

/// <summary>The checks of an import that need only the request and the image backup.</summary>
internal static class ImportRules
{
    public static void RequireStatus(BackupRecord backup, BackupStatus status)
    {
        if (status is not (BackupStatus.Available or BackupStatus.UploadFailed or BackupStatus.Uploaded or BackupStatus.DownloadFailed))
        {
            throw new InvalidRequestException($"Invalid image backup: Image backup {backup.Id} is {backup.Status.ToWire()}; it must be available, uploaded, upload_failed or download_failed.");
        }
    }

    /// <summary>Returns the status after a successful import. An archive whose download had failed is downloaded then.</summary>
    public static BackupStatus StatusAfter(BackupStatus status) => status == BackupStatus.DownloadFailed ? BackupStatus.Uploaded : status;

    public static void RefuseContradiction(string field, string? given, string? recorded, BackupRecord backup)
    {
        if (given is not null && given != recorded)
        {
            throw new InvalidRequestException($"Invalid input for field/attribute {field}. Value: {given}. Image backup {backup.Id} has {recorded ?? "none"}; leave the field out or give that.");
        }
    }

    /// <summary>Returns the properties of a disk from the request or from the image backup; null for an archive.</summary>
    public static RawDisk? RawDiskOf(ImportCommand command, BackupRecord backup)
    {
        if (backup.OvaName is { } file && !ArchiveName.IsArchive(file))
        {
            return new RawDisk(command.Raw?.OsType ?? backup.OsType, command.Raw?.Architecture ?? backup.Architecture);
        }

        return command.Raw is null
            ? null
            : throw new InvalidRequestException($"Invalid input for field/attribute import_from_raw_file. Value: true. Image backup {backup.Id} is the archive {backup.OvaName}; leave the field out.");
    }

    public static void RefuseRawFromBucket(ImportCommand command)
    {
        if (command.Raw is not null)
        {
            throw new InvalidRequestException("Invalid input for field/attribute import_from_raw_file. Value: true. A raw file is imported from a backup node; leave cos_bucket out.");
        }
    }

    public static void RequireArchiveName(string name)
    {
        if (!ArchiveName.IsArchive(name))
        {
            throw new InvalidRequestException($"Invalid input for field/attribute ova_name. Value: {name}. An archive ends in {ArchiveName.Extensions}; for a raw disk on the node give import_from_raw_file.");
        }
    }

    /// <summary>Refuses a disk whose name would make a later import read it as an archive.</summary>
    public static void RefuseArchiveName(string name)
    {
        if (ArchiveName.IsArchive(name))
        {
            throw new InvalidRequestException($"Invalid input for field/attribute ova_name. Value: {name}. It is the name of an archive; leave import_from_raw_file out, or give the disk another ova_name.");
        }
    }

    /// <summary>Refuses fields that name a second thing to import.</summary>
    public static void RequireOneSource(ImportCommand command)
    {
        var other = command.ImageBackupId is not null ? "image_backup_id" : command.CosBucket is not null ? "cos_bucket" : null;
        if (command.SourceUrl is not null && other is not null)
        {
            throw new InvalidRequestException($"Invalid input for import-image: source_url and {other} cannot be given together. Each says what to import; leave one of them out.");
        }

        if (command is { SourceUrl: null, Checksum: not null })
        {
            throw new InvalidRequestException("Invalid input for field/attribute checksum. It is the checksum of the file at source_url; give source_url, or leave checksum out.");
        }
    }

    public static Uri UrlOf(string text)
        => Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
            ? url
            : throw new InvalidRequestException("Invalid input for field/attribute source_url. It must be an absolute URL of http or https, such as https://mirror.example/image.ova.");

    /// <summary>Returns the digest of a checksum in lower-case hex; null for none.</summary>
    public static string? DigestOf(string? checksum)
    {
        const string Prefix = "sha256:";
        if (checksum is null)
        {
            return null;
        }

        var digest = checksum.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) ? checksum[Prefix.Length..] : "";
        return digest.Length == 64 && digest.All(char.IsAsciiHexDigit)
            ? digest.ToLowerInvariant()
            : throw new InvalidRequestException($"Invalid input for field/attribute checksum. Value: {checksum}. It must be sha256: and 64 hex digits, as sha256sum prints them.");
    }

    public static void RequirePlainName(string name)
    {
        if (name != Path.GetFileName(name) || name is "." or ".." || name.StartsWith('.') || OvaWriter.IsTemporary(name) || name.Any(char.IsControl))
        {
            throw new InvalidRequestException($"Invalid input for field/attribute ova_name. Value: {name}. It must be the name of a file at the top of the backup node, without path.");
        }
    }

    /// <summary>Refuses pipes, devices and sockets. Reading one could block the import forever.</summary>
    public static void RequireRegular(FileInfo file)
    {
        if (!RegularFile.Is(file.FullName))
        {
            throw new InvalidRequestException($"Invalid input for field/attribute ova_name. Value: {file.Name}. It is not a regular file.");
        }
    }

    public static NotFoundException FileNotFound(BackupNodeRecord node, string name) => new($"File {name} could not be found on backup node {node.BackupNodeId}.");
}
