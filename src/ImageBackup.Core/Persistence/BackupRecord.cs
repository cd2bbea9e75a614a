namespace ImageBackup.Core.Persistence;

/// <summary>One image backup: the row behind <c>/image-backups/{id}</c>.</summary>
public sealed class BackupRecord
{
    /// <summary>The public id. It is never used again, because file names contain it.</summary>
    public int Id { get; init; }

    public required string ProjectId { get; init; }

    public required string UserId { get; init; }

    public required string Name { get; set; }

    public string? Description { get; set; }

    /// <summary>Changed only by compare-and-set through the backup store.</summary>
    public required BackupStatus Status { get; set; }

    /// <summary>The status to return to after an import or a verification; null if none runs.</summary>
    public BackupStatus? ReturnStatus { get; set; }

    /// <summary>The exported image; null for an archive from another service.</summary>
    public string? SrcImageId { get; init; }

    /// <summary>The name of the image inside the archive.</summary>
    public string? ImageName { get; set; }

    /// <summary>The name of the image with lower letters from A to Z, which the database computes for the filter of lists.</summary>
    public string? ImageNameKey { get; private set; }

    /// <summary>The image that the last import created.</summary>
    public string? ImageId { get; set; }

    /// <summary>The <c>backup_node_id</c> of the node that holds the archive.</summary>
    public required string BackupHost { get; set; }

    /// <summary>File name of the archive on the node and in its bucket.</summary>
    public string? OvaName { get; set; }

    /// <summary>Size of the archive in bytes.</summary>
    public long? OvaSize { get; set; }

    /// <summary>True if this service wrote the file on the node: an export or a download. Only then does deleting the backup delete the file.</summary>
    public bool OwnsFile { get; set; }

    /// <summary>SHA-256 of the archive, lower-case hex; null until an upload, a download or a verification has computed it.</summary>
    public string? OvaSha256 { get; set; }

    /// <summary>SHA-256 of the archive's manifest, lower-case hex, which an export knows. It pins the digest of every other member.</summary>
    public string? ManifestSha256 { get; set; }

    /// <summary>When a verification has last found the archive intact, UTC; null if none has.</summary>
    public DateTime? VerifiedAt { get; set; }

    /// <summary>Sum of the volumes' sizes in GiB, each rounded up as in Cinder.</summary>
    public int Size { get; set; }

    /// <summary>JSON list of the archive's volumes with their digests; null until known.</summary>
    public string? Volumes { get; set; }

    public string? OsType { get; set; }

    /// <summary>The operating system with lower letters from A to Z, which the database computes for the filter of lists.</summary>
    public string? OsTypeKey { get; private set; }

    public string? Architecture { get; set; }

    /// <summary>The compression in the request: <c>True</c>, <c>Fast</c> or <c>False</c>.</summary>
    public string? RequestedCompression { get; init; }

    /// <summary>The compression in the archive, which the settings of the node and of the service can change.</summary>
    public string? EffectiveCompression { get; set; }

    public bool UploadToCos { get; init; }

    /// <summary>The bucket that has or will have the archive; null for none.</summary>
    public string? CosBucket { get; set; }

    /// <summary>The object's key in the bucket. It differs from the file name if another program uploaded the object.</summary>
    public string? CosObject { get; set; }

    /// <summary>True if this service uploaded the object. Only then does deleting the backup delete the object.</summary>
    public bool OwnsObject { get; set; }

    /// <summary>The log book of the last operation.</summary>
    public string? TaskId { get; set; }

    /// <summary>Task, cause and remedy of the last failure.</summary>
    public string? FailReason { get; set; }

    public required DateTime CreatedAt { get; init; }

    public DateTime? UpdatedAt { get; set; }
}
