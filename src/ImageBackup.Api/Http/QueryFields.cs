using System.Globalization;
using ImageBackup.Core.Errors;
using ImageBackup.Core.Persistence;

namespace ImageBackup.Api.Http;

/// <summary>Reads query parameters as Cinder does; the first problem names its parameter.</summary>
internal static class QueryFields
{
    private const int MaxLimit = 1000;

    /// <summary>The last value of a parameter; null where it is missing.</summary>
    public static string? QueryString(this HttpContext context, string name)
        => context.Request.Query.TryGetValue(name, out var values) && values.Count > 0 ? values[^1] : null;

    /// <summary>A boolean by oslo's words, in any case; false where it is missing.</summary>
    public static bool QueryBoolean(this HttpContext context, string name)
        => context.QueryString(name) is { } value && Boolean(name, value);

    /// <summary>The same; null where it is missing.</summary>
    public static bool? OptionalQueryBoolean(this HttpContext context, string name)
        => context.QueryString(name) is { } value ? Boolean(name, value) : null;

    /// <summary>An integer that is not negative; null where it is missing.</summary>
    public static int? QueryInteger(this HttpContext context, string name)
    {
        if (context.QueryString(name) is not { } value)
        {
            return null;
        }

        if (!int.TryParse(value.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
        {
            throw new InvalidRequestException($"{name} param must be an integer, '{value}' is none that counts");
        }

        return number >= 0 ? number : throw new InvalidRequestException($"{name} param must be positive, not {number}");
    }

    /// <summary><c>limit</c>, <c>marker</c>, <c>offset</c>, <c>sort</c> (or the older <c>sort_key</c> and <c>sort_dir</c>) and <c>with_count</c>.</summary>
    public static PageRequest QueryPage(this HttpContext context, int defaultLimit = MaxLimit) => new()
    {
        Limit = Math.Min(context.QueryInteger("limit") ?? defaultLimit, MaxLimit),
        Marker = context.QueryString("marker") is { Length: > 0 } marker ? marker : null,
        Offset = context.QueryInteger("offset") ?? 0,
        Sort = Sort(context),
        WithCount = context.QueryBoolean("with_count"),
    };

    private static bool Boolean(string name, string value) => value.Trim().ToLowerInvariant() switch
    {
        "1" or "t" or "true" or "on" or "y" or "yes" => true,
        "0" or "f" or "false" or "off" or "n" or "no" => false,
        _ => throw new InvalidRequestException(
            $"Value '{value}' for '{name}' is not a boolean. Accepted are 1, t, true, on, y, yes and 0, f, false, off, n, no."),
    };

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

        // Glance repeats sort_key; a single sort_dir is meant for all of them.
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
