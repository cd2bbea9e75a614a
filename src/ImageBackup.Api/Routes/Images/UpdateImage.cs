using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using ImageBackup.Api.Http;
using ImageBackup.Core.Catalog;
using ImageBackup.Core.Errors;
using ImageBackup.Core.Persistence;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageBackup.Api.Routes.Images;

/// <summary>PATCH /v2/images/{id}: a JSON patch (RFC 6902), whose operations are all done or none of them</summary>
internal static class UpdateImage
{
    /// <summary>The media types of JSON patches, the usual one first.</summary>
    public static readonly string[] MediaTypes =
        ["application/openstack-images-v2.1-json-patch", "application/openstack-images-v2.0-json-patch", "application/json-patch+json"];

    private static readonly string[] Operations = ["add", "replace", "remove"];

    /// <summary>One operation of a JSON patch (RFC 6902).</summary>
    [BodyExample("A new name", """[{"op": "replace", "path": "/name", "value": "renamed"}]""")]
    internal sealed record PatchOperationRequest
    {
        /// <summary>The operation.</summary>
        /// <example>replace</example>
        [AllowedWords("add", "replace", "remove")]
        public required string Op { get; init; }

        /// <summary>The field, as a JSON pointer with one part.</summary>
        /// <example>/name</example>
        [StringLength(255, MinimumLength = 1)]
        public required string Path { get; init; }

        /// <summary>The new value. remove needs none.</summary>
        /// <example>renamed</example>
        public Optional<JsonElement> Value { get; init; }
    }

    private sealed record Change(string Op, string Field, JsonElement Value);

    public static async Task<Ok<ImageResponse>> HandleAsync(string id, HttpContext context, ImageStore images, CancellationToken cancellationToken)
    {
        var changes = Parse(await JsonBody.ReadAsync(context, MediaTypes, cancellationToken));
        return TypedResults.Ok(ImageResponse.Of(await images.UpdateAsync(context.Caller(), id, image => Apply(image, changes), cancellationToken)));
    }

    private static List<Change> Parse(JsonElement body)
        => body.ValueKind == JsonValueKind.Array
            ? [.. body.EnumerateArray().Select(ParseOne)]
            : throw new InvalidRequestException("Malformed request body: it must be a JSON list of operations.");

    private static Change ParseOne(JsonElement entry)
    {
        var request = RequestReader.Read<PatchOperationRequest>(WithOp(entry));
        return request.Op == "remove" || request.Value.IsSet
            ? new Change(request.Op, Field(request.Path), request.Value.Value)
            : throw new InvalidRequestException($"Operation \"{request.Op}\" requires a member named \"value\".");
    }

    // The oldest form has the operation's name as the key of the path: {"replace": "/name", "value": "x"}.
    private static JsonElement WithOp(JsonElement entry)
    {
        if (entry.ValueKind != JsonValueKind.Object || Array.Find(Operations, op => entry.TryGetProperty(op, out _)) is not { } oldOp)
        {
            return entry;
        }

        var members = entry.EnumerateObject().Where(member => member.Name != oldOp).ToDictionary(member => member.Name, member => member.Value);
        members["op"] = JsonSerializer.SerializeToElement(oldOp);
        members["path"] = entry.GetProperty(oldOp);
        return JsonSerializer.SerializeToElement(members);
    }

    /// <summary>Returns the field that a JSON pointer names (RFC 6901). An image is flat, so the pointer has one part.</summary>
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

    private static void Apply(ImageRecord image, List<Change> changes)
    {
        foreach (var (op, field, value) in changes)
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
