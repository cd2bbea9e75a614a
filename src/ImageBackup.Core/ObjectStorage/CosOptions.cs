using System.ComponentModel.DataAnnotations;
using ImageBackup.Core.Buckets;

namespace ImageBackup.Core.ObjectStorage;

/// <summary>Section <c>ImageBackup:Cos</c>: the store of buckets that no <c>/cos</c> registration names, and how transfers run.</summary>
public sealed class CosOptions
{
    public const string Section = "ImageBackup:Cos";

    /// <summary>Where the embedded store keeps its buckets; <c>&lt;data&gt;/cos</c> where empty. Used while <see cref="ServiceUrl"/> is empty.</summary>
    public string? Directory { get; set; }

    /// <summary>An S3 service, such as <c>http://minio:9000</c>; empty for the embedded store.</summary>
    public string? ServiceUrl { get; set; }

    /// <summary>HMAC access key; <see cref="AccessKeyFile"/> names a file that holds it instead.</summary>
    public string? AccessKey { get; set; }

    public string? AccessKeyFile { get; set; }

    /// <summary>HMAC secret key; <see cref="SecretKeyFile"/> names a file that holds it instead.</summary>
    public string? SecretKey { get; set; }

    public string? SecretKeyFile { get; set; }

    /// <summary>IBM Cloud API key, in place of HMAC keys; <see cref="ApiKeyFile"/> names a file that holds it instead.</summary>
    public string? ApiKey { get; set; }

    public string? ApiKeyFile { get; set; }

    /// <summary>IBM's CRN of the service instance; goes with <see cref="ApiKey"/>.</summary>
    public string? ResourceCrn { get; set; }

    /// <summary>Where IBM's IAM gives tokens for API keys.</summary>
    public string AuthEndpoint { get; set; } = CosCredentials.IbmAuthEndpoint;

    /// <summary>What requests are signed for.</summary>
    [Required]
    public string Region { get; set; } = CosCredentials.DefaultRegion;

    /// <summary>The bucket of an export that names none, on a node that names none.</summary>
    [Required]
    public string DefaultBucket { get; set; } = "cos-default";

    /// <summary>MiB of a part or range; larger for objects that would need more than 10,000. S3 takes 5 to 5120.</summary>
    [Range(5, 5120)]
    public int PartSizeMiB { get; set; } = 16;

    /// <summary>Parts or ranges of one object under way at once. Each holds buffers of about a megabyte, whatever the part's size.</summary>
    [Range(1, 64)]
    public int ParallelParts { get; set; } = 4;

    /// <summary>Seconds without a single byte moved after which an attempt is given up.</summary>
    [Range(1, 3600)]
    public int IdleTimeoutSeconds { get; set; } = 60;

    /// <summary>How often a part or another call is tried in all while the store is unavailable.</summary>
    [Range(1, 20)]
    public int MaxAttempts { get; set; } = 8;

    /// <summary>Seconds before the second attempt; doubled for each further one up to 30, and scattered.</summary>
    [Range(0.01, 30)]
    public double RetryDelaySeconds { get; set; } = 0.5;
}
