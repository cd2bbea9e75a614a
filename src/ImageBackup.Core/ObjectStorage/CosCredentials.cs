using System.Text.Json.Serialization;

namespace ImageBackup.Core.ObjectStorage;

/// <summary>The endpoint of an S3 service with HMAC keys, with IBM's API key and CRN, or with neither for a public bucket. Stored encrypted, never printed.</summary>
public sealed record CosCredentials
{
    /// <summary>IBM Cloud's public IAM.</summary>
    public const string IbmAuthEndpoint = "https://iam.cloud.ibm.com/identity/token";

    /// <summary>The region that S3 services without regions expect in signatures.</summary>
    public const string DefaultRegion = "us-east-1";

    /// <summary>The absolute http or https URL of the service.</summary>
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

    /// <summary>True for a bucket that everybody may read, without keys.</summary>
    [JsonIgnore]
    public bool IsAnonymous => ApiKey is null && AccessKey is null;

    /// <summary>Returns true for absolute http and https URLs without user name, query and fragment.</summary>
    public static bool IsEndpoint(string url)
        => Uri.TryCreate(url, UriKind.Absolute, out var uri)
            && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps)
            && uri.Host.Length > 0 && uri.UserInfo.Length == 0 && uri.Query.Length == 0 && uri.Fragment.Length == 0;

    /// <summary>Returns the endpoint only, because a record's default text would contain the secrets.</summary>
    public override string ToString() => Endpoint;
}
