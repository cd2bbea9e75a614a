using ImageBackup.Api.Http;
using ImageBackup.Core.Buckets;
using ImageBackup.Core.ObjectStorage;

namespace ImageBackup.Api.Routes.CloudObjectStorage;

/// <summary>A registered bucket. Keys are never shown.</summary>
/// <param name="Id" example="1">The number of the registration.</param>
/// <param name="Name" example="backups">The display name.</param>
/// <param name="Type" example="s3">ibm_cos or s3.</param>
/// <param name="BucketName" example="bucket-1">The name of the bucket. Other requests call it cos_bucket.</param>
/// <param name="Credentials">The credentials without keys: cos_endpoint, and region or cos_auth_endpoint and cos_resource_crn.</param>
/// <param name="CreatedAt" example="2026-11-23T16:16:33.885350">Time of the registration, UTC.</param>
/// <param name="UpdatedAt">Time of the last change, UTC; null if there was none.</param>
[Envelope("cos", "cos")]
internal sealed record CosResponse(int Id, string Name, string Type, string BucketName, Dictionary<string, string> Credentials, string CreatedAt, string? UpdatedAt)
{
    public static CosResponse Of(CosRegistration cos)
        => new(cos.Id, cos.Name, cos.Type, cos.BucketName, WithoutKeys(cos.Credentials), ApiJson.CinderTime(cos.CreatedAt), ApiJson.CinderTime(cos.UpdatedAt));

    private static Dictionary<string, string> WithoutKeys(CosCredentials? credentials) => credentials switch
    {
        null => [],
        { IsIbm: true } => new()
        {
            ["cos_endpoint"] = credentials.Endpoint,
            ["cos_auth_endpoint"] = credentials.AuthEndpoint,
            ["cos_resource_crn"] = credentials.ResourceCrn!,
        },
        { IsAnonymous: true } => new() { ["cos_endpoint"] = credentials.Endpoint },
        _ => new() { ["cos_endpoint"] = credentials.Endpoint, ["region"] = credentials.Region },
    };
}
