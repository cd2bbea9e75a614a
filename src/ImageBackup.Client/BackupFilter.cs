using System.Globalization;

namespace ImageBackup.Client;

/// <summary>Which image backups a list has, and in which order. Every property that is set narrows the list.</summary>
public sealed record BackupFilter
{
    /// <summary>The name.</summary>
    public string? Name { get; init; }

    /// <summary>A part of the name. Letters from A to Z match in any case.</summary>
    public string? NamePart { get; init; }

    /// <summary>Any of these statuses, such as <c>error</c>.</summary>
    public IReadOnlyList<string> Statuses { get; init; } = [];

    /// <summary>The backup node.</summary>
    public string? BackupHost { get; init; }

    /// <summary>The bucket.</summary>
    public string? CosBucket { get; init; }

    /// <summary>The id of the exported image.</summary>
    public string? SrcImageId { get; init; }

    /// <summary>The name of the image in the archive. Letters from A to Z match in any case.</summary>
    public string? ImageName { get; init; }

    /// <summary>The operating system, such as <c>aix</c>.</summary>
    public string? OsType { get; init; }

    /// <summary>Created at this time or later.</summary>
    public DateTimeOffset? CreatedFrom { get; init; }

    /// <summary>Created before this time.</summary>
    public DateTimeOffset? CreatedBefore { get; init; }

    /// <summary>The order, such as <c>name:asc</c> or <c>size:desc</c>: id, name, status, size, backup_host, created_at or updated_at.</summary>
    public string? Sort { get; init; }

    /// <summary>Returns the query with its question mark; an empty text without a filter.</summary>
    internal string ToQuery()
    {
        string[] times = [Time("gte", CreatedFrom), Time("lt", CreatedBefore)];
        (string Key, string? Value)[] values =
        [
            ("name", Name),
            ("name~", NamePart),
            ("status", Statuses is [] ? null : $"in:{string.Join(',', Statuses)}"),
            ("backup_host", BackupHost),
            ("cos_bucket", CosBucket),
            ("src_image_id", SrcImageId),
            ("image_name", ImageName),
            ("os_type", OsType),
            ("created_at", times is ["", ""] ? null : string.Join(',', times.Where(time => time.Length > 0))),
            ("sort", Sort),
        ];
        var query = string.Join('&', values.Where(value => value.Value is not null).Select(value => $"{value.Key}={Uri.EscapeDataString(value.Value!)}"));
        return query.Length == 0 ? "" : $"?{query}";
    }

    private static string Time(string comparison, DateTimeOffset? time) => time is { } limit ? $"{comparison}:{limit.UtcDateTime.ToString("O", CultureInfo.InvariantCulture)}" : "";
}
