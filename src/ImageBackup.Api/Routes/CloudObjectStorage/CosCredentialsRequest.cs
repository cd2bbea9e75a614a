using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using ImageBackup.Api.Http;
using ImageBackup.Core.Errors;
using ImageBackup.Core.ObjectStorage;

namespace ImageBackup.Api.Routes.CloudObjectStorage;

/// <summary>Either IBM's cos_api_key_id and cos_resource_crn, or the HMAC keys access_key and secret_key, or neither for a public bucket. Keys are stored encrypted and never shown.</summary>
/// <remarks>The service sends requests to these endpoints. The role admin is therefore needed, and of an endpoint's response only the status code is shown.</remarks>
internal sealed record CosCredentialsRequest
{
    private const string Name = "credentials";

    /// <summary>The http or https URL of the object store.</summary>
    /// <example>https://s3.example</example>
    [StringLength(1024, MinimumLength = 1)]
    public required string CosEndpoint { get; init; }

    /// <summary>The HMAC access key.</summary>
    /// <example>key</example>
    [DataType(DataType.Password)]
    [StringLength(1024)]
    public string? AccessKey { get; init; }

    /// <summary>The HMAC secret key.</summary>
    /// <example>secret</example>
    [DataType(DataType.Password)]
    [StringLength(1024)]
    public string? SecretKey { get; init; }

    /// <summary>With HMAC keys: the region for signing requests.</summary>
    /// <example>us-east-1</example>
    [DefaultValue(CosCredentials.DefaultRegion)]
    [StringLength(255, MinimumLength = 1)]
    public Optional<string?> Region { get; init; }

    /// <summary>IBM's API key.</summary>
    /// <example>key</example>
    [DataType(DataType.Password)]
    [StringLength(1024)]
    public string? CosApiKeyId { get; init; }

    /// <summary>With IBM's API key: the CRN of the service instance.</summary>
    /// <example>crn:v1:bluemix:public:cloud-object-storage:global:a/0123456789abcdef:01234567-89ab-cdef-0123-456789abcdef::</example>
    [StringLength(1024, MinimumLength = 1)]
    public string? CosResourceCrn { get; init; }

    /// <summary>With IBM's API key: the URL of the IAM service that issues tokens. Default: IBM Cloud's public IAM.</summary>
    /// <example>https://iam.cloud.ibm.com/identity/token</example>
    [StringLength(1024, MinimumLength = 1)]
    public string? CosAuthEndpoint { get; init; }

    /// <summary>Returns the credentials.</summary>
    /// <exception cref="InvalidRequestException">Both kinds are mixed, one is incomplete, or a value is malformed.</exception>
    public CosCredentials Parse()
    {
        var ibm = CosApiKeyId is not null ? "cos_api_key_id" : CosResourceCrn is not null ? "cos_resource_crn" : CosAuthEndpoint is not null ? "cos_auth_endpoint" : null;
        var hmac = AccessKey is not null ? "access_key" : SecretKey is not null ? "secret_key" : Region.IsSet ? "region" : null;
        return (ibm, hmac) switch
        {
            (null, null) => new CosCredentials { Endpoint = Endpoint("cos_endpoint", CosEndpoint) },
            (not null, not null) => throw InvalidField.CreateSecret(
                Name, $"It mixes '{ibm}' and '{hmac}': give either cos_api_key_id and cos_resource_crn, or access_key and secret_key."),
            (not null, null) => ParseIbm(),
            _ => ParseHmac(),
        };
    }

    private CosCredentials ParseIbm() => new()
    {
        Endpoint = Endpoint("cos_endpoint", CosEndpoint),
        ApiKey = Secret("cos_api_key_id", CosApiKeyId),
        ResourceCrn = Header("cos_resource_crn", CosResourceCrn ?? throw InvalidField.Missing("cos_resource_crn", Name)),
        AuthEndpoint = CosAuthEndpoint is { } url ? Endpoint("cos_auth_endpoint", url) : CosCredentials.IbmAuthEndpoint,
    };

    private CosCredentials ParseHmac() => new()
    {
        Endpoint = Endpoint("cos_endpoint", CosEndpoint),
        AccessKey = Secret("access_key", AccessKey),
        SecretKey = Secret("secret_key", SecretKey),
        Region = Region.Value is { } region ? Header("region", region) : CosCredentials.DefaultRegion,
    };

    // The URL may hold a password, so no refusal repeats it.
    private static string Endpoint(string name, string url)
        => CosCredentials.IsEndpoint(url)
            ? url.TrimEnd('/')
            : throw InvalidField.CreateSecret(name, "It must be an absolute http or https URL without user name, query and fragment.");

    private static string Secret(string name, string? value)
        => string.IsNullOrEmpty(value) ? throw InvalidField.Missing(name, Name)
            : IsHeaderSafe(value) ? value
            : throw InvalidField.CreateSecret(name, "It must be printable ASCII.");

    private static string Header(string name, string value)
        => IsHeaderSafe(value) ? value : throw InvalidField.Create(name, value, "It must be printable ASCII.");

    private static bool IsHeaderSafe(string value) => value.All(letter => letter is >= ' ' and <= '~');
}
