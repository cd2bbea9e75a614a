namespace ImageBackup.Core.Persistence;

/// <summary>A registered bucket of a Cloud Object Storage (<c>/cos</c>).</summary>
public sealed class CosRecord
{
    public int Id { get; init; }

    public required string ProjectId { get; init; }

    public required string Name { get; set; }

    /// <summary><c>ibm_cos</c> (the default) or <c>s3</c>.</summary>
    public required string Type { get; set; }

    public required string BucketName { get; set; }

    /// <summary>The credentials as JSON, encrypted by Data Protection. Responses never contain the secrets.</summary>
    public required string ProtectedCredentials { get; set; }

    public required DateTime CreatedAt { get; init; }

    public DateTime? UpdatedAt { get; set; }
}
