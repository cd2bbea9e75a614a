using System.ComponentModel.DataAnnotations;
using ImageBackup.Core.Settings;

namespace ImageBackup.Core.ObjectStorage;

/// <summary>Section <c>ImageBackup:Cos</c>: the store of buckets without a <c>/cos</c> registration, and the limits of transfers.</summary>
public sealed class CosOptions
{
    public const string Section = "ImageBackup:Cos";

    /// <summary>The directory of the embedded store; <c>&lt;data&gt;/cos</c> when empty. Used while <see cref="ServiceUrl"/> is empty.</summary>
    public string? Directory { get; set; }

    /// <summary>The URL of an S3 service, such as <c>http://minio:9000</c>; empty for the embedded store.</summary>
    public string? ServiceUrl { get; set; }

    /// <summary>The HMAC access key. <see cref="AccessKeyFile"/> names a file that holds it instead.</summary>
    public string? AccessKey { get; set; }

    public string? AccessKeyFile { get; set; }

    /// <summary>The HMAC secret key. <see cref="SecretKeyFile"/> names a file that holds it instead.</summary>
    public string? SecretKey { get; set; }

    public string? SecretKeyFile { get; set; }

    /// <summary>An IBM Cloud API key, instead of HMAC keys. <see cref="ApiKeyFile"/> names a file that holds it instead.</summary>
    public string? ApiKey { get; set; }

    public string? ApiKeyFile { get; set; }

    /// <summary>IBM's CRN of the service instance. Required with <see cref="ApiKey"/>.</summary>
    public string? ResourceCrn { get; set; }

    /// <summary>The URL at which IBM's IAM issues tokens for API keys.</summary>
    public string AuthEndpoint { get; set; } = CosCredentials.IbmAuthEndpoint;

    /// <summary>A PEM file of certificate authorities that are trusted beside the system's, for TLS to every S3 service.</summary>
    public string? CaFile { get; set; }

    /// <summary>True if buckets without credentials may be at loopback, private and link-local addresses.</summary>
    public bool AllowPrivateAddresses { get; set; }

    /// <summary>The region in request signatures.</summary>
    [Required]
    public string Region { get; set; } = CosCredentials.DefaultRegion;

    /// <summary>The bucket of exports that name none, to a node without a default bucket.</summary>
    [Required]
    public string DefaultBucket { get; set; } = "cos-default";

    /// <summary>The size of a part or range in MiB; larger for objects that would need more than 10,000 parts. S3 accepts 5 to 5120.</summary>
    [Range(5, 5120)]
    public int PartSizeMiB { get; set; } = 16;

    /// <summary>Parts or ranges of one object that are transferred at the same time. Each uses about a megabyte of buffers, whatever its size.</summary>
    [Range(1, 64)]
    public int ParallelParts { get; set; } = 4;

    /// <summary>Seconds without a transferred byte after which an attempt fails.</summary>
    [Range(1, 3600)]
    public int IdleTimeoutSeconds { get; set; } = 60;

    /// <summary>Attempts at each request while the store is unavailable.</summary>
    [Range(1, 20)]
    public int MaxAttempts { get; set; } = 8;

    /// <summary>Seconds before the second attempt. The delay doubles with each further attempt, up to 30 seconds, and is randomized.</summary>
    [Range(0.01, 30)]
    public double RetryDelaySeconds { get; set; } = 0.5;

    /// <summary>True when the settings name no S3 service.</summary>
    public bool IsEmbedded => string.IsNullOrWhiteSpace(ServiceUrl);

    /// <summary>Returns the directory of the embedded store.</summary>
    public string EmbeddedRoot(DataPaths paths) => string.IsNullOrWhiteSpace(Directory) ? paths.Cos : Path.GetFullPath(Directory);

    /// <summary>Returns the secrets, given or not.</summary>
    internal IReadOnlyList<SecretSetting> Secrets() =>
    [
        new(Section, nameof(AccessKey), AccessKey, AccessKeyFile),
        new(Section, nameof(SecretKey), SecretKey, SecretKeyFile),
        new(Section, nameof(ApiKey), ApiKey, ApiKeyFile),
    ];

    /// <summary>Returns the credentials of the S3 service. Reads the files of secrets.</summary>
    internal CosCredentials Credentials()
    {
        var secrets = Secrets();
        return new CosCredentials
        {
            Endpoint = ServiceUrl!,
            Region = Region,
            AccessKey = secrets[0].Read(),
            SecretKey = secrets[1].Read(),
            ApiKey = secrets[2].Read(),
            ResourceCrn = ResourceCrn,
            AuthEndpoint = AuthEndpoint,
        };
    }
}
