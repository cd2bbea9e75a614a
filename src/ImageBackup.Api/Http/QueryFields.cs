using System.Globalization;
using ImageBackup.Core.Errors;
using ImageBackup.Core.Persistence;

namespace ImageBackup.Api.Http;

/// <summary>Reads query parameters as Cinder does. A refusal names the parameter.</summary>
internal static class QueryFields
{
    private const int MaxLimit = 1000;

    /// <summary>Returns the last value of a parameter; null if it is missing.</summary>
    public static string? QueryString(this HttpContext context, string name)
        => context.Request.Query.TryGetValue(name, out var values) && values.Count > 0 ? values[^1] : null;

    /// <summary>Returns the boolean of one of oslo's words, in any case; false if the parameter is missing.</summary>
    public static bool QueryBoolean(this HttpContext context, string name)
        => context.QueryString(name) is { } value && Boolean(name, value);

    /// <summary>Returns the boolean of one of oslo's words, in any case; null if the parameter is missing.</summary>
    public static bool? OptionalQueryBoolean(this HttpContext context, string name)
        => context.QueryString(name) is { } value ? Boolean(name, value) : null;

    /// <summary>Returns an integer that is not negative; null if the parameter is missing.</summary>
    public static int? QueryInteger(this HttpContext context, string name)
    {
        if (context.QueryString(name) is not { } value)
        {
            return null;
        }

        if (!int.TryParse(value.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
        {
            throw new InvalidRequestException($"{name} param must be an integer, not '{value}'");
        }

        return number >= 0 ? number : throw new InvalidRequestException($"{name} param must be positive, not {number}");
    }

    /// <summary>Returns the page that <c>limit</c>, <c>marker</c>, <c>offset</c>, <c>sort</c> (or the older <c>sort_key</c> and <c>sort_dir</c>), <c>name~</c> and <c>with_count</c> ask for.</summary>
    public static PageRequest QueryPage(this HttpContext context, int defaultLimit = MaxLimit) => new()
    {
        Limit = Math.Min(context.QueryInteger("limit") ?? defaultLimit, MaxLimit),
        Marker = context.QueryString("marker") is { Length: > 0 } marker ? marker : null,
        Offset = context.QueryInteger("offset") ?? 0,
        Sort = Sort(context),
        NamePart = context.QueryString("name~"),
        WithCount = context.QueryBoolean("with_count"),
    };

    private static bool Boolean(string name, string value)
        => RequestValue.FindBoolean(value)
            ?? throw new InvalidRequestException($"Value '{value}' for '{name}' is not a boolean. Accepted are 1, t, true, on, y, yes and 0, f, false, off, n, no.");

    private static List<SortField> Sort(HttpContext context)
    {
        var sort = context.QueryString("sort");
        var keys = context.Request.Query["sort_key"];
        var directions = context.Request.Query["sort_dir"];
        if (sort is not null && (keys.Count > 0 || directions.Count > 0))
        {
            throw new InvalidRequestException("The 'sort_key' and 'sort_dir' parameters are deprecated and cannot be used with the 'sort' parameter.");
        }

        if (sort is null && keys.Count == 0)
        {
            return directions.Count == 0 ? [] : [new SortField("created_at", Descending("sort_dir", directions[0]))];
        }

        // Glance repeats sort_key. A single sort_dir applies to every key.
        return sort is null
            ? [.. keys.Select((key, i) => new SortField(key ?? "", Descending("sort_dir", directions.Count == 0 ? "desc" : directions[Math.Min(i, directions.Count - 1)])))]
            : [.. sort.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(Parse)];
    }

    private static SortField Parse(string entry)
    {
        var colon = entry.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? new SortField(entry, true) : new SortField(entry[..colon].Trim(), Descending("sort", entry[(colon + 1)..]));
    }

    private static bool Descending(string name, string? direction) => direction?.Trim().ToLowerInvariant() switch
    {
        "desc" => true,
        "asc" => false,
        _ => throw new InvalidRequestException($"Invalid sort direction '{direction}' in '{name}': it must be asc or desc."),
    };
}
