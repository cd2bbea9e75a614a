using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace ImageBackup.Api.Swagger;

// The rest of the bodies; see RequestBodies.

internal sealed class NodeDocument
{
    [Required]
    public NodeEnvelope? BackupNodes { get; init; }
}

internal sealed class NodeEnvelope
{
    [Required]
    public NodeFields? Registration { get; init; }
}

internal sealed class NodeFields
{
    /// <summary>Address or host name of the node; required where it is registered.</summary>
    /// <example>192.0.2.10</example>
    public string? AccessIp { get; init; }

    /// <example>root</example>
    public string? UserId { get; init; }

    /// <summary>Kept encrypted, never shown.</summary>
    /// <example>secret</example>
    public string? Password { get; init; }

    /// <summary>A name for people; required where it is registered.</summary>
    /// <example>second node</example>
    public string? DisplayName { get; init; }

    /// <summary>The name for backup_host and of the node's directory: 1 to 64 letters, digits, dots, dashes, underscores. Made up where left out; can't be changed.</summary>
    /// <example>vm-2</example>
    public string? BackupNodeId { get; init; }

    /// <summary>The bucket of exports that name none.</summary>
    /// <example>bucket-1</example>
    public string? CosDefault { get; init; }

    /// <summary>Whether exports to the node are always compressed.</summary>
    /// <example>false</example>
    [DefaultValue(false)]
    public bool FastCompression { get; init; }
}

internal sealed class CosDocument
{
    [Required]
    public CosFields? Cos { get; init; }
}

internal sealed class CosFields
{
    /// <example>backups</example>
    public string? Name { get; init; }

    /// <summary>ibm_cos (the default) or s3.</summary>
    /// <example>s3</example>
    [DefaultValue("ibm_cos")]
    [AllowedValues("ibm_cos", "s3")]
    public string? Type { get; init; }

    /// <summary>3 to 63 lower-case letters, digits, dots and dashes.</summary>
    /// <example>bucket-1</example>
    public string? BucketName { get; init; }

    /// <summary>Either cos_api_key_id and cos_resource_crn, or access_key and secret_key. Kept encrypted, never shown.</summary>
    public CosCredentialFields? Credentials { get; init; }
}

internal sealed class CosCredentialFields
{
    /// <summary>The store's URL.</summary>
    /// <example>https://s3.example</example>
    public string? CosEndpoint { get; init; }

    /// <example>key</example>
    public string? AccessKey { get; init; }

    /// <example>secret</example>
    public string? SecretKey { get; init; }

    /// <summary>What requests are signed for.</summary>
    /// <example>us-east-1</example>
    [DefaultValue("us-east-1")]
    public string? Region { get; init; }

    /// <summary>IBM's API key.</summary>
    public string? CosApiKeyId { get; init; }

    /// <summary>IBM's CRN of the instance.</summary>
    public string? CosResourceCrn { get; init; }

    /// <summary>Where IBM's IAM gives tokens.</summary>
    public string? CosAuthEndpoint { get; init; }
}

internal sealed class VolumeDocument
{
    [Required]
    public VolumeFields? Volume { get; init; }
}

internal sealed class VolumeFields
{
    /// <example>data</example>
    public string? Name { get; init; }

    public string? Description { get; init; }

    /// <summary>GiB, 1 to 65536; the source's where left out.</summary>
    /// <example>1</example>
    public int? Size { get; init; }

    /// <summary>Storage template, by id or name.</summary>
    /// <example>local base template</example>
    public string? VolumeType { get; init; }
}

internal sealed class ImageDocument
{
    /// <example>small</example>
    public string? Name { get; init; }

    /// <example>raw</example>
    public string? DiskFormat { get; init; }

    /// <example>bare</example>
    public string? ContainerFormat { get; init; }

    /// <summary>PowerVC's word for the operating system.</summary>
    /// <example>rhel</example>
    public string? OsDistro { get; init; }

    /// <example>ppc64le</example>
    public string? Architecture { get; init; }

    /// <summary>JSON text naming the image's volumes; the image is then active at once. Left out: put a file to it.</summary>
    public string? BlockDeviceMapping { get; init; }
}

/// <summary>One change of a JSON patch (RFC 6902).</summary>
internal sealed class PatchStep
{
    /// <example>replace</example>
    [Required]
    [AllowedValues("add", "replace", "remove")]
    public string? Op { get; init; }

    /// <example>/name</example>
    [Required]
    public string? Path { get; init; }

    /// <example>renamed</example>
    public string? Value { get; init; }
}

/// <summary>Any error: the fault's name, and in it code and message.</summary>
internal sealed class FaultDocument
{
    public FaultFields? BadRequest { get; init; }
}

internal sealed class FaultFields
{
    /// <summary>The status of the answer.</summary>
    /// <example>400</example>
    public int Code { get; init; }

    /// <summary>What is wrong, naming field, value and what is accepted.</summary>
    /// <example>Invalid input for field/attribute compression. Value: bzip2. 'bzip2' is not one of ['True', 'Fast', 'False'] (in any case, or a boolean)</example>
    public string? Message { get; init; }
}
