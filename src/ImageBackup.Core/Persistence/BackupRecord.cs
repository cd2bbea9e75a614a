namespace ImageBackup.Core.Persistence;

/// <summary>One image backup: the row behind <c>/image-backups/{id}</c>.</summary>
public sealed class BackupRecord
{
    /// <summary>The public integer id; never used twice, since file names carry it.</summary>
    public int Id { get; init; }

    public required string ProjectId { get; init; }

    public required string UserId { get; init; }

    public required string Name { get; set; }

    public string? Description { get; set; }

    /// <summary>Changed only by compare-and-set through the backup store.</summary>
    public required BackupStatus Status { get; set; }

    /// <summary>The settled status to return to after a restore or a verification; null while none runs.</summary>
    public BackupStatus? ReturnStatus { get; set; }

    /// <summary>The image that was exported; null for an archive this service did not make.</summary>
    public string? SrcImageId { get; init; }

    /// <summary>The name of the image inside the archive.</summary>
    public string? ImageName { get; set; }

    /// <summary>The image that the last import made.</summary>
    public string? ImageId { get; set; }

    /// <summary>The <c>backup_node_id</c> of the node that holds the archive.</summary>
    public required string BackupHost { get; set; }

    /// <summary>File name of the archive on the node and, uploaded, of its object.</summary>
    public string? OvaName { get; set; }

    /// <summary>Size of the archive in bytes.</summary>
    public long? OvaSize { get; set; }

    /// <summary>SHA-256 of the archive, lower-case hex.</summary>
    public string? OvaSha256 { get; set; }

    /// <summary>Sum of the volumes' sizes in GiB, each rounded up, as Cinder counts.</summary>
    public int Size { get; set; }

    /// <summary>JSON list of the archive's volumes with their digests; null until known.</summary>
    public string? Volumes { get; set; }

    public string? OsType { get; set; }

    public string? Architecture { get; set; }

    /// <summary>What the request asked for: <c>True</c>, <c>Fast</c> or <c>False</c>.</summary>
    public string? RequestedCompression { get; init; }

    /// <summary>What was done, after the node's and the service's settings had their say.</summary>
    public string? EffectiveCompression { get; set; }

    public bool UploadToCos { get; init; }

    /// <summary>The bucket that holds or shall hold the archive; null where none does.</summary>
    public string? CosBucket { get; set; }

    /// <summary>The object's key in the bucket; the archive's file name unless the object came from elsewhere.</summary>
    public string? CosObject { get; set; }

    /// <summary>True where this service put the object there: only then does deleting the backup delete it.</summary>
    public bool OwnsObject { get; set; }

    /// <summary>The log book of the last operation.</summary>
    public string? TaskId { get; set; }

    /// <summary>Task, cause and remedy of the last failure.</summary>
    public string? FailReason { get; set; }

    public required DateTime CreatedAt { get; init; }

    public DateTime? UpdatedAt { get; set; }
}
