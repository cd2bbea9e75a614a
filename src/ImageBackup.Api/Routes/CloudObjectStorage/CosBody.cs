using ImageBackup.Api.Http;
using ImageBackup.Core.Buckets;
using ImageBackup.Core.Errors;

namespace ImageBackup.Api.Routes.CloudObjectStorage;

/// <summary>
/// What registering and changing a bucket have in common. Credentials are IBM's (<c>cos_api_key_id</c>, <c>cos_resource_crn</c>, <c>cos_auth_endpoint</c>) or
/// HMAC keys (<c>access_key</c>, <c>secret_key</c>, <c>region</c>), never some of both. The service sends requests to the endpoints named here, so who may
/// register buckets may have it call any http or https address it can reach; what such an address answers is never shown beyond a status code.
/// </summary>
internal static class CosBody
{
    public const string DefaultType = "ibm_cos";
    private const int LongestSecret = 1024;
    private const int LongestUrl = 1024;

    public static readonly string[] Types = [DefaultType, "s3"];

    private static readonly string[] IbmFields = ["cos_api_key_id", "cos_resource_crn", "cos_auth_endpoint"];
    private static readonly string[] HmacFields = ["access_key", "secret_key", "region"];

    /// <summary>A number in the path; another text names no registration.</summary>
    public static int ParseId(string id)
        => int.TryParse(id, out var number) ? number : throw new NotFoundException($"COS {id} could not be found.");

    public static string CheckBucket(string bucket)
        => BucketNames.IsBucketName(bucket)
            ? bucket
            : throw InvalidField.Create("bucket_name", bucket, "A bucket's name has 3 to 63 lower-case letters, digits, dots and dashes.");

    public static CosCredentials ParseCredentials(BodyFields fields)
    {
        var credentials = IsIbm(fields) ? ParseIbm(fields) : ParseHmac(fields);
        fields.RefuseUnknown();
        return credentials;
    }

    /// <summary>True for IBM's fields; refuses both kinds at once, and none.</summary>
    private static bool IsIbm(BodyFields fields)
    {
        var hasIbm = IbmFields.Where(fields.Has).ToList();
        var hasHmac = HmacFields.Where(fields.Has).ToList();
        if (hasIbm.Count > 0 && hasHmac.Count > 0)
        {
            throw InvalidField.CreateSecret(
                "credentials",
                $"It mixes '{hasIbm[0]}' and '{hasHmac[0]}': give either cos_api_key_id and cos_resource_crn, or access_key and secret_key.");
        }

        if (hasIbm.Count + hasHmac.Count == 0)
        {
            throw InvalidField.CreateSecret("credentials", "It needs cos_api_key_id and cos_resource_crn, or access_key and secret_key.");
        }

        return hasIbm.Count > 0;
    }

    private static CosCredentials ParseIbm(BodyFields fields) => new()
    {
        Endpoint = Endpoint("cos_endpoint", fields.RequiredString("cos_endpoint", maximum: LongestUrl)),
        ApiKey = Secret(fields, "cos_api_key_id"),
        ResourceCrn = Header("cos_resource_crn", fields.RequiredString("cos_resource_crn", maximum: LongestSecret)),
        AuthEndpoint = fields.OptionalString("cos_auth_endpoint", 1, LongestUrl) is { } url ? Endpoint("cos_auth_endpoint", url) : CosCredentials.IbmAuthEndpoint,
    };

    private static CosCredentials ParseHmac(BodyFields fields) => new()
    {
        Endpoint = Endpoint("cos_endpoint", fields.RequiredString("cos_endpoint", maximum: LongestUrl)),
        AccessKey = Secret(fields, "access_key"),
        SecretKey = Secret(fields, "secret_key"),
        Region = fields.OptionalString("region", 1) is { } region ? Header("region", region) : CosCredentials.DefaultRegion,
    };

    private static string Endpoint(string name, string url)
        => CosCredentials.IsEndpoint(url)
            ? url.TrimEnd('/')
            : throw InvalidField.CreateSecret(name, "It must be an absolute http or https URL without user name, query and fragment.");

    private static string Secret(BodyFields fields, string name)
        => fields.OptionalSecret(name, LongestSecret) is { Length: > 0 } secret
            ? HeaderSafe(secret) ? secret : throw InvalidField.CreateSecret(name, "It must be printable ASCII.")
            : throw InvalidField.CreateSecret("credentials", $"'{name}' is a required property");

    private static string Header(string name, string value)
        => HeaderSafe(value) ? value : throw InvalidField.Create(name, value, "It must be printable ASCII.");

    private static bool HeaderSafe(string value) => value.All(letter => letter is >= ' ' and <= '~');
}
