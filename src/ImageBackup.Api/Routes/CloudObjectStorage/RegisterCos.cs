using ImageBackup.Api.Http;
using ImageBackup.Core.Buckets;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageBackup.Api.Routes.CloudObjectStorage;

/// <summary><c>POST /v3/{project_id}/cos</c> with <c>{"cos":{"name","type","credentials":{…},"bucket_name"}}</c>: registers a bucket that exists and can be reached.</summary>
internal static class RegisterCos
{
    public static async Task<JsonHttpResult<CosAnswer>> HandleAsync(HttpContext context, CosStore store, CancellationToken cancellationToken)
    {
        var command = Parse(await BodyFields.ReadAsync(context, "cos", cancellationToken));
        var cos = await store.CreateAsync(context.Caller().ProjectId, command, cancellationToken);
        return TypedResults.Json(CosAnswer.Of(cos), statusCode: StatusCodes.Status201Created);
    }

    private static CosCommand Parse(BodyFields body)
    {
        var command = new CosCommand(
            body.RequiredString("name"),
            body.OptionalWord("type", CosBody.Types) ?? CosBody.DefaultType,
            CosBody.CheckBucket(body.RequiredString("bucket_name")),
            CosBody.ParseCredentials(body.RequiredObject("credentials")));
        body.RefuseUnknown();
        return command;
    }
}
