using System.Text.Json.Serialization;

namespace ImageBackup.Core.ObjectStorage;

/// <summary>How to reach an S3 service: an endpoint with HMAC keys, or with IBM's API key and CRN. Kept encrypted; never printed.</summary>
public sealed record CosCredentials
{
    /// <summary>IBM Cloud's public IAM.</summary>
    public const string IbmAuthEndpoint = "https://iam.cloud.ibm.com/identity/token";

    /// <summary>What S3 services without regions sign for.</summary>
    public const string DefaultRegion = "us-east-1";

    /// <summary>Absolute http or https URL of the service.</summary>
    public required string Endpoint { get; init; }

    public string Region { get; init; } = DefaultRegion;

    public string? AccessKey { get; init; }

    public string? SecretKey { get; init; }

    public string? ApiKey { get; init; }

    public string? ResourceCrn { get; init; }

    public string AuthEndpoint { get; init; } = IbmAuthEndpoint;

    /// <summary>True for IBM's API key, false for HMAC keys.</summary>
    [JsonIgnore]
    public bool IsIbm => ApiKey is not null;

    /// <summary>The endpoint alone: a record's own text would print the secrets.</summary>
    public override string ToString() => Endpoint;
}
