namespace ImageBackup.Core.Persistence;

/// <summary>One image backup: the row behind <c>/image-backups/{id}</c>.</summary>
public sealed class BackupRecord
{
    /// <summary>The public integer id. It is never used again, because file names contain it.</summary>
    public int Id { get; init; }

    public required string ProjectId { get; init; }

    public required string UserId { get; init; }

    public required string Name { get; set; }

    public string? Description { get; set; }

    /// <summary>The status. Only the backup store changes it, by compare-and-set.</summary>
    public required BackupStatus Status { get; set; }

    /// <summary>The status to restore after an import or a verification; null while none runs.</summary>
    public BackupStatus? ReturnStatus { get; set; }

    /// <summary>The image that was exported; null for an archive that this service did not make.</summary>
    public string? SrcImageId { get; init; }

    /// <summary>The name of the image inside the archive.</summary>
    public string? ImageName { get; set; }

    /// <summary>The image that the last import created.</summary>
    public string? ImageId { get; set; }

    /// <summary>The <c>backup_node_id</c> of the node that has the archive.</summary>
    public required string BackupHost { get; set; }

    /// <summary>The file name of the archive on the node.</summary>
    public string? OvaName { get; set; }

    /// <summary>Size of the archive in bytes.</summary>
    public long? OvaSize { get; set; }

    /// <summary>SHA-256 of the archive, lower-case hex.</summary>
    public string? OvaSha256 { get; set; }

    /// <summary>Sum of the volumes' sizes in GiB, each rounded up, as Cinder counts.</summary>
    public int Size { get; set; }

    /// <summary>The archive's volumes with their digests, as JSON; null until known.</summary>
    public string? Volumes { get; set; }

    public string? OsType { get; set; }

    public string? Architecture { get; set; }

    /// <summary>The compression in the request: <c>True</c>, <c>Fast</c> or <c>False</c>.</summary>
    public string? RequestedCompression { get; init; }

    /// <summary>The compression of the archive. The settings of the node and the service can override the request.</summary>
    public string? EffectiveCompression { get; set; }

    public bool UploadToCos { get; init; }

    /// <summary>The bucket that has, or will have, the archive; null for none.</summary>
    public string? CosBucket { get; set; }

    /// <summary>The object's key in the bucket.</summary>
    public string? CosObject { get; set; }

    /// <summary>True if this service uploaded the object. Only then does a deletion delete it.</summary>
    public bool OwnsObject { get; set; }

    /// <summary>The log book of the last operation.</summary>
    public string? TaskId { get; set; }

    /// <summary>Task, cause and remedy of the last failure.</summary>
    public string? FailReason { get; set; }

    public required DateTime CreatedAt { get; init; }

    public DateTime? UpdatedAt { get; set; }
}
