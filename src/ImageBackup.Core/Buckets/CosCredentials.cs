using System.Text.Json.Serialization;

namespace ImageBackup.Core.Buckets;

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

    /// <summary>True for absolute http and https URLs; those with a user name, query or fragment mean something else than an endpoint.</summary>
    public static bool IsEndpoint(string url)
        => Uri.TryCreate(url, UriKind.Absolute, out var uri)
            && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps)
            && uri.Host.Length > 0 && uri.UserInfo.Length == 0 && uri.Query.Length == 0 && uri.Fragment.Length == 0;

    /// <summary>The endpoint alone: a record's own text would print the secrets.</summary>
    public override string ToString() => Endpoint;
}
