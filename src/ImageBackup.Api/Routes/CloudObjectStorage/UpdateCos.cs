using ImageBackup.Api.Http;
using ImageBackup.Core.Buckets;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageBackup.Api.Routes.CloudObjectStorage;

/// <summary><c>PUT /v3/{project_id}/cos/{id}</c>; what is left out stays, credentials change as a whole.</summary>
internal static class UpdateCos
{
    public static async Task<JsonHttpResult<CosAnswer>> HandleAsync(string id, HttpContext context, CosStore store, CancellationToken cancellationToken)
    {
        var changes = Parse(await BodyFields.ReadAsync(context, "cos", cancellationToken));
        return TypedResults.Json(CosAnswer.Of(await store.UpdateAsync(context.Caller().ProjectId, CosBody.ParseId(id), changes, cancellationToken)));
    }

    private static CosChanges Parse(BodyFields body)
    {
        var changes = new CosChanges(
            body.OptionalString("name", 1),
            body.OptionalWord("type", CosBody.Types),
            body.OptionalString("bucket_name", 1) is { } bucket ? CosBody.CheckBucket(bucket) : null,
            body.OptionalObject("credentials") is { } credentials ? CosBody.ParseCredentials(credentials) : null);
        body.RefuseUnknown();
        return changes;
    }
}
