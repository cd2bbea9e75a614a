using ImageBackup.Api.Http;
using ImageBackup.Core.ObjectStorage;

namespace ImageBackup.Api.CloudObjectStorage;

/// <summary>A registration as it is shown: of the credentials only what is no secret.</summary>
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
internal sealed record CosAnswer(CosView Cos)
{
    public static CosAnswer Of(CosRegistration cos) => new(CosView.Of(cos));
}
