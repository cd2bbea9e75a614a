using System.Text.Json;
using ImageBackup.Api.Http;
using ImageBackup.Core.Catalog;
using ImageBackup.Core.Errors;
using ImageBackup.Core.Persistence;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageBackup.Api.Routes.Images;

/// <summary><c>PATCH /v2/images/{id}</c>: a list of add, replace and remove, of which all are done or none.</summary>
internal static class UpdateImage
{
    private static readonly string[] MediaTypes =
        ["application/openstack-images-v2.1-json-patch", "application/openstack-images-v2.0-json-patch", "application/json-patch+json"];

    private static readonly string[] Operations = ["add", "replace", "remove"];

    private sealed record Operation(string Op, string Field, JsonElement Value);

    public static async Task<JsonHttpResult<Dictionary<string, object?>>> HandleAsync(
        string id, HttpContext context, ImageStore images, CancellationToken cancellationToken)
    {
        var operations = Parse(await JsonBody.ReadAsync(context, MediaTypes, cancellationToken));
        var image = await images.UpdateAsync(context.Caller(), id, image => Apply(image, operations), cancellationToken);
        return TypedResults.Json(ImageView.Of(image));
    }

    private static List<Operation> Parse(JsonElement body)
        => body.ValueKind == JsonValueKind.Array
            ? [.. body.EnumerateArray().Select(ParseOne)]
            : throw new InvalidRequestException("Malformed request body: it must be a JSON list of operations.");

    private static Operation ParseOne(JsonElement entry)
    {
        // The oldest form of the patch had the operation's name as the key of the path: {"replace": "/name", "value": "x"}.
        var fields = BodyFields.Of(entry);
        var old = Array.Find(Operations, fields.Has);
        var op = old ?? fields.RequiredWord("op", Operations);
        var path = fields.RequiredString(old ?? "path");
        var hasValue = entry.TryGetProperty("value", out var value);
        _ = fields.Find("value");
        fields.RefuseUnknown();
        return op == "remove" || hasValue
            ? new Operation(op, Field(path), value)
            : throw new InvalidRequestException($"Operation \"{op}\" requires a member named \"value\".");
    }

    /// <summary>The field that a JSON pointer names (RFC 6901); an image is flat, so there is one step.</summary>
    private static string Field(string path)
    {
        if (path.Length < 2 || path[0] != '/' || path.IndexOf('/', 1) >= 0)
        {
            throw new InvalidRequestException($"Invalid JSON pointer for this resource: '{path}'. It must be one field, such as /name.");
        }

        var escaped = path[1..];
        for (var i = escaped.IndexOf('~', StringComparison.Ordinal); i >= 0; i = escaped.IndexOf('~', i + 1))
        {
            if (i + 1 == escaped.Length || escaped[i + 1] is not ('0' or '1'))
            {
                throw new InvalidRequestException($"Pointer '{path}' contains \"~\" not part of a recognized escape sequence.");
            }
        }

        return escaped.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
    }

    private static void Apply(ImageRecord image, List<Operation> operations)
    {
        foreach (var (op, field, value) in operations)
        {
            if (op == "remove")
            {
                ImageFields.Remove(image, field);
                continue;
            }

            ImageFields.CheckWritable(field);
            if (op == "replace" && !ImageFields.IsBase(field) && field != "block_device_mapping" && !image.Properties.ContainsKey(field))
            {
                throw new ConflictException($"Property {field} does not exist.");
            }

            ImageFields.Set(image, field, value);
        }
    }
}
