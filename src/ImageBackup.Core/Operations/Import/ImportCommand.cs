namespace ImageBackup.Core.Operations.Import;

/// <summary>A validated request to import an image (Tables 6 and 8).</summary>
public sealed record ImportCommand
{
    public required string Name { get; init; }

    public string? Description { get; init; }

    /// <summary>The id of the storage template; null for the default one.</summary>
    public string? VolumeType { get; init; }

    public int? ImageBackupId { get; init; }

    public string? BackupHost { get; init; }

    public string? OvaName { get; init; }

    public string? CosBucket { get; init; }

    /// <summary>The URL of the archive or disk.</summary>
    public string? SourceUrl { get; init; }

    /// <summary>The digest that the file at <see cref="SourceUrl"/> must have, as the request has it.</summary>
    public string? Checksum { get; init; }

    /// <summary>Set if the file is one disk.</summary>
    public RawDisk? Raw { get; init; }

    /// <summary>True if the bytes of the disk are taken as they are, whatever format they look like.</summary>
    public bool ForceRaw { get; init; }
}

/// <summary>The properties of a disk, which the file itself does not contain. Null values are not known.</summary>
public sealed record RawDisk(string? OsType, string? Architecture);
