using ImageBackup.Core.Errors;
using ImageBackup.Core.Persistence;
using ImageBackup.Ova.Archive;
using ImageBackup.Ova.IO;

namespace ImageBackup.Core.Operations.Import;

/// <summary>The checks of an import that need only the request and the image backup.</summary>
internal static class ImportRules
{
    public static void RequireStatus(BackupRecord backup)
    {
        if (backup.Status is not (BackupStatus.Available or BackupStatus.UploadFailed or BackupStatus.Uploaded or BackupStatus.DownloadFailed))
        {
            throw new InvalidRequestException($"Invalid image backup: Image backup {backup.Id} is {backup.Status.ToWire()}; it must be available, uploaded, upload_failed or download_failed.");
        }
    }

    /// <summary>Returns the status after a successful import. An archive whose download had failed is downloaded then.</summary>
    public static BackupStatus StatusAfter(BackupRecord backup) => backup.Status == BackupStatus.DownloadFailed ? BackupStatus.Uploaded : backup.Status;

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

    public static void RequirePlainName(string name)
    {
        if (name != Path.GetFileName(name) || name is "." or ".." || name.StartsWith('.') || name.EndsWith(OvaWriter.PartialSuffix, StringComparison.Ordinal) || name.Any(char.IsControl))
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
