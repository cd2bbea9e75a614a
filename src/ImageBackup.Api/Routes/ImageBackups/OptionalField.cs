using ImageBackup.Api.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ImageBackup.Api.Routes.ImageBackups;

/// <summary>The one field of upload and download, which IBM documents as GET: in the query, or in a body with or without the envelope <c>image-backup</c>.</summary>
internal static class OptionalField
{
    private const string Envelope = "image-backup";

    public static async Task<string?> ReadAsync(HttpContext context, string name, CancellationToken cancellationToken)
    {
        if (context.QueryString(name) is { Length: > 0 } given)
        {
            return given;
        }

        if (context.Request.ContentLength == 0 || context.Features.Get<IHttpRequestBodyDetectionFeature>() is not { CanHaveBody: true })
        {
            return null;
        }

        var outer = BodyFields.Of(await JsonBody.ReadAsync(context, cancellationToken));
        var fields = outer.Has(Envelope) ? outer.RequiredObject(Envelope) : outer;
        var value = fields.OptionalString(name, minimum: 1);
        fields.RefuseUnknown();
        outer.RefuseUnknown();
        return value;
    }
}
