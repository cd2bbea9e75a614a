using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace ImageBackup.Api.Swagger;

// Backup nodes and buckets as they are registered and changed; see RequestBodies.

/// <summary>Body of a new backup node.</summary>
internal sealed class NodeDocument
{
    /// <summary>The envelope, plural in requests.</summary>
    [Required]
    public NodeEnvelope? BackupNodes { get; init; }
}

internal sealed class NodeEnvelope
{
    /// <summary>The node.</summary>
    [Required]
    public NodeFields? Registration { get; init; }
}

internal sealed class NodeFields
{
    /// <summary>Address or host name of the node.</summary>
    /// <example>192.0.2.10</example>
    [Required]
    public string? AccessIp { get; init; }

    /// <summary>A name for people.</summary>
    /// <example>second node</example>
    [Required]
    public string? DisplayName { get; init; }

    /// <summary>The user there.</summary>
    /// <example>root</example>
    public string? UserId { get; init; }

    /// <summary>Kept encrypted, never shown.</summary>
    /// <example>secret</example>
    public string? Password { get; init; }

    /// <summary>The name for backup_host and of the node's directory: 1 to 64 letters, digits, dots, dashes, underscores. Made up where left out; can't be changed.</summary>
    /// <example>vm-2</example>
    [StringLength(64, MinimumLength = 1)]
    public string? BackupNodeId { get; init; }

    /// <summary>The bucket of exports that name none.</summary>
    /// <example>bucket-1</example>
    public string? CosDefault { get; init; }

    /// <summary>Whether exports to the node are always compressed.</summary>
    /// <example>false</example>
    [DefaultValue(false)]
    public bool? FastCompression { get; init; }
}

/// <summary>Body of a change of a backup node.</summary>
internal sealed class NodeChangeDocument
{
    /// <summary>The envelope, plural in requests.</summary>
    [Required]
    public NodeChangeEnvelope? BackupNodes { get; init; }
}

internal sealed class NodeChangeEnvelope
{
    /// <summary>What changes; what is left out stays.</summary>
    [Required]
    public NodeChangeFields? Registration { get; init; }
}

internal sealed class NodeChangeFields
{
    /// <summary>Address or host name of the node.</summary>
    /// <example>192.0.2.10</example>
    public string? AccessIp { get; init; }

    /// <summary>A name for people.</summary>
    /// <example>second node</example>
    public string? DisplayName { get; init; }

    /// <summary>The user there.</summary>
    /// <example>root</example>
    public string? UserId { get; init; }

    /// <summary>Kept encrypted, never shown.</summary>
    /// <example>secret</example>
    public string? Password { get; init; }

    /// <summary>The bucket of exports that name none; null or empty takes it away.</summary>
    /// <example>bucket-1</example>
    public string? CosDefault { get; init; }

    /// <summary>Whether exports to the node are always compressed.</summary>
    /// <example>false</example>
    public bool? FastCompression { get; init; }
}

/// <summary>Body of a new bucket.</summary>
internal sealed class CosDocument
{
    /// <summary>The bucket.</summary>
    [Required]
    public CosFields? Cos { get; init; }
}

internal sealed class CosFields
{
    /// <summary>A name for people.</summary>
    /// <example>backups</example>
    [Required]
    public string? Name { get; init; }

    /// <summary>ibm_cos or s3.</summary>
    /// <example>s3</example>
    [DefaultValue("ibm_cos")]
    [AllowedValues("ibm_cos", "s3")]
    public string? Type { get; init; }

    /// <summary>The bucket: 3 to 63 lower-case letters, digits, dots and dashes. It exists already and can be reached.</summary>
    /// <example>bucket-1</example>
    [Required]
    public string? BucketName { get; init; }

    /// <summary>Either cos_api_key_id and cos_resource_crn, or access_key and secret_key. Kept encrypted, never shown.</summary>
    [Required]
    public CosCredentialFields? Credentials { get; init; }
}

/// <summary>Body of a change of a bucket.</summary>
internal sealed class CosChangeDocument
{
    /// <summary>What changes; what is left out stays, credentials change as a whole.</summary>
    [Required]
    public CosChangeFields? Cos { get; init; }
}

internal sealed class CosChangeFields
{
    /// <summary>A name for people.</summary>
    /// <example>backups</example>
    public string? Name { get; init; }

    /// <summary>ibm_cos or s3.</summary>
    /// <example>s3</example>
    [AllowedValues("ibm_cos", "s3")]
    public string? Type { get; init; }

    /// <summary>The bucket: 3 to 63 lower-case letters, digits, dots and dashes. It exists already and can be reached.</summary>
    /// <example>bucket-1</example>
    public string? BucketName { get; init; }

    /// <summary>Either cos_api_key_id and cos_resource_crn, or access_key and secret_key. Kept encrypted, never shown.</summary>
    public CosCredentialFields? Credentials { get; init; }
}

internal sealed class CosCredentialFields
{
    /// <summary>The store's URL.</summary>
    /// <example>https://s3.example</example>
    [Required]
    public string? CosEndpoint { get; init; }

    /// <summary>HMAC access key.</summary>
    /// <example>key</example>
    public string? AccessKey { get; init; }

    /// <summary>HMAC secret key.</summary>
    /// <example>secret</example>
    public string? SecretKey { get; init; }

    /// <summary>What requests are signed for.</summary>
    /// <example>us-east-1</example>
    [DefaultValue("us-east-1")]
    public string? Region { get; init; }

    /// <summary>IBM's API key.</summary>
    /// <example>key</example>
    public string? CosApiKeyId { get; init; }

    /// <summary>IBM's CRN of the instance.</summary>
    /// <example>crn:v1:bluemix:public:cloud-object-storage:global:a/0123456789abcdef:01234567-89ab-cdef-0123-456789abcdef::</example>
    public string? CosResourceCrn { get; init; }

    /// <summary>Where IBM's IAM gives tokens.</summary>
    /// <example>https://iam.cloud.ibm.com/identity/token</example>
    public string? CosAuthEndpoint { get; init; }
}
