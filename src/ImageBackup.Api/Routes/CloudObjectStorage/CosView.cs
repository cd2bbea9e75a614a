using ImageBackup.Api.Http;
using ImageBackup.Core.Buckets;

namespace ImageBackup.Api.Routes.CloudObjectStorage;

/// <summary>A registration as it is shown: of the credentials only what is no secret.</summary>
/// <param name="Id" example="1">The number of the registration.</param>
/// <param name="Name" example="backups">The name for people.</param>
/// <param name="Type" example="s3">ibm_cos or s3.</param>
/// <param name="BucketName" example="bucket-1">The bucket; requests call it cos_bucket.</param>
/// <param name="Credentials">What of the credentials is no secret: cos_endpoint, and region, or cos_auth_endpoint and cos_resource_crn.</param>
/// <param name="CreatedAt" example="2026-11-23T16:16:33.885350">When it was registered, UTC.</param>
/// <param name="UpdatedAt">When it was last changed, UTC; null where never.</param>
internal sealed record CosView(int Id, string Name, string Type, string BucketName, Dictionary<string, string> Credentials, string CreatedAt, string? UpdatedAt)
{
    public static CosView Of(CosRegistration cos)
        => new(cos.Id, cos.Name, cos.Type, cos.BucketName, Shown(cos.Credentials), ApiJson.CinderTime(cos.CreatedAt), ApiJson.CinderTime(cos.UpdatedAt));

    private static Dictionary<string, string> Shown(CosCredentials? credentials) => credentials switch
    {
        null => [],
        { IsIbm: true } => new()
        {
            ["cos_endpoint"] = credentials.Endpoint,
            ["cos_auth_endpoint"] = credentials.AuthEndpoint,
            ["cos_resource_crn"] = credentials.ResourceCrn!,
        },
        _ => new() { ["cos_endpoint"] = credentials.Endpoint, ["region"] = credentials.Region },
    };
}

/// <summary><c>{"cos":{…}}</c></summary>
/// <param name="Cos">The bucket.</param>
internal sealed record CosAnswer(CosView Cos)
{
    public static CosAnswer Of(CosRegistration cos) => new(CosView.Of(cos));
}
