using System.Globalization;
using ImageBackup.Api.Http;
using ImageBackup.Core.Catalog;
using ImageBackup.Core.Errors;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.WebUtilities;

namespace ImageBackup.Api.Routes.Images;

/// <summary><c>GET /v2/images</c></summary>
internal static class ListImages
{
    // Glance's limit_param_default.
    private const int DefaultLimit = 25;

    private static readonly HashSet<string> NoProperties = new(StringComparer.Ordinal)
    {
        "limit", "marker", "offset", "sort", "sort_key", "sort_dir", "with_count", "id", "name", "status", "owner", "visibility", "protected", "os_hidden", "size_min",
        "size_max", "tag", "member_status", "is_public", "changes-since",
    };

    public static async Task<JsonHttpResult<Response>> HandleAsync(HttpContext context, ImageStore images, CancellationToken cancellationToken)
    {
        var page = await images.ListAsync(context.Caller(), Filter(context), context.QueryPage(DefaultLimit), cancellationToken);
        var first = QueryHelpers.AddQueryString(context.Request.Path.ToString(), context.Request.Query.Where(pair => pair.Key != "marker"));
        var next = page.HasMore ? ListAnswer.NextPath(context, page.Items[^1].Id) : null;
        return TypedResults.Json(new Response([.. page.Items.Select(ImageView.Of)], first, next, "/v2/schemas/images"));
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

    /// <summary>One value, or several after Glance's <c>in:</c>, parted by commas, each quoted where it has some itself.</summary>
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

    internal sealed record Response(
        IReadOnlyList<Dictionary<string, object?>> Images,
        string First,
        [property: System.Text.Json.Serialization.JsonIgnore(Condition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull)] string? Next,
        string Schema);
}
