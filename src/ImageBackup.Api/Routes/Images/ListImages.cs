using System.Globalization;
using System.Text.Json.Serialization;
using ImageBackup.Api.Http;
using ImageBackup.Core.Catalog;
using ImageBackup.Core.Errors;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.WebUtilities;

namespace ImageBackup.Api.Routes.Images;

/// <summary>GET /v2/images</summary>
internal static class ListImages
{
    // Glance's limit_param_default.
    private const int DefaultLimit = 25;

    private static readonly HashSet<string> NoProperties = new(StringComparer.Ordinal)
    {
        "limit", "marker", "offset", "sort", "sort_key", "sort_dir", "with_count", "id", "name", "name~", "status", "owner", "visibility", "protected", "os_hidden", "size_min",
        "size_max", "tag", "member_status", "is_public", "changes-since",
    };

    /// <summary>One page of images.</summary>
    /// <param name="Images">The images of this page.</param>
    /// <param name="First" example="/v2/images">The path of the first page.</param>
    /// <param name="Next" example="/v2/images?marker=9c219888-1ab0-429e-9282-7cbc6957c839">The path of the next page. Left out on the last page.</param>
    /// <param name="Schema" example="/v2/schemas/images">The path of the JSON schema of this response.</param>
    internal sealed record ImageListResponse(
        IReadOnlyList<ImageResponse> Images,
        string First,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Next,
        string Schema);

    public static async Task<Ok<ImageListResponse>> HandleAsync(HttpContext context, ImageStore images, CancellationToken cancellationToken)
    {
        var page = await images.ListAsync(context.Caller(), Filter(context), context.QueryPage(DefaultLimit), cancellationToken);
        var first = QueryHelpers.AddQueryString(context.Request.Path.ToString(), context.Request.Query.Where(pair => pair.Key != "marker"));
        var next = page.Last is { } last ? ListResponse.NextPath(context, last.Id) : null;
        return TypedResults.Ok(new ImageListResponse([.. page.Items.Select(ImageResponse.Of)], first, next, "/v2/schemas/images"));
    }

    private static ImageFilter Filter(HttpContext context) => new()
    {
        Ids = Values(context, "id"),
        Names = Values(context, "name"),
        Statuses = Values(context, "status"),
        Owner = context.QueryString("owner"),
        Visibility = context.QueryString("visibility"),
        IsProtected = context.OptionalQueryBoolean("protected"),
        IsHidden = context.QueryBoolean("os_hidden"),
        SizeMin = Bytes(context, "size_min"),
        SizeMax = Bytes(context, "size_max"),
        Tags = [.. context.Request.Query["tag"].OfType<string>()],
        Properties = context.Request.Query.Where(pair => !NoProperties.Contains(pair.Key))
            .ToDictionary(pair => pair.Key, pair => pair.Value.ToString(), StringComparer.Ordinal),
    };

    /// <summary>Returns one value, or the values after Glance's <c>in:</c>, which commas separate. Quotes around a value are removed.</summary>
    private static List<string>? Values(HttpContext context, string name)
    {
        if (context.QueryString(name) is not { } value)
        {
            return null;
        }

        return value.StartsWith("in:", StringComparison.Ordinal)
            ? [.. value[3..].Split(',').Select(entry => entry.Trim().Trim('"'))]
            : [value];
    }

    private static long? Bytes(HttpContext context, string name)
    {
        if (context.QueryString(name) is not { } value)
        {
            return null;
        }

        return long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes)
            ? bytes
            : throw new InvalidRequestException($"{name} must be a number of bytes, '{value}' is none");
    }
}
