using System.Globalization;
using ImageBackup.Api.Http;
using ImageBackup.Core.Errors;
using ImageBackup.Core.Persistence;

namespace ImageBackup.Api.Routes.ImageBackups;

/// <summary>The filters of the lists of image backups. The operators are those of Cinder and Glance: <c>in:</c>, and <c>gt:</c>, <c>gte:</c>, <c>lt:</c>, <c>lte:</c> for times.</summary>
internal static class ImageBackupFilters
{
    private const string In = "in:";

    /// <summary>Two limits bound a period; more comparisons say nothing new.</summary>
    private const int MostTimes = 4;

    public static readonly RouteParameter[] Parameters =
    [
        new("status", "string", "Only image backups with this status, such as available, or with one of several, such as in:error,upload_failed."),
        new("backup_host", "string", "Only image backups on this backup node."),
        new("cos_bucket", "string", "Only image backups with this bucket."),
        new("src_image_id", "string", "Only exports of this image."),
        new("image_name", "string", "Only archives of an image with this name. Letters from A to Z match in any case."),
        new("os_type", "string", "Only image backups of this operating system. Letters from A to Z match in any case."),
        new("created_at", "string", "Only image backups created then: gt:, gte:, lt: or lte: and a time, such as gte:2026-11-01,lt:2026-12-01. Times without a zone are UTC."),
    ];

    public static IQueryable<BackupRecord> Apply(HttpContext context, IQueryable<BackupRecord> rows)
    {
        rows = context.QueryString("name") is { } name ? rows.Where(backup => backup.Name == name) : rows;
        rows = context.QueryString("status") is { } status ? WithStatus(rows, status) : rows;
        rows = context.QueryString("backup_host") is { } host ? rows.Where(backup => backup.BackupHost == host) : rows;
        rows = context.QueryString("cos_bucket") is { } bucket ? rows.Where(backup => backup.CosBucket == bucket) : rows;
        rows = context.QueryString("src_image_id") is { } image ? rows.Where(backup => backup.SrcImageId == image) : rows;
        rows = context.QueryString("image_name") is { } imageName && NamePart.Lower(imageName) is var imageKey ? rows.Where(backup => backup.ImageNameKey == imageKey) : rows;
        rows = context.QueryString("os_type") is { } system && NamePart.Lower(system) is var systemKey ? rows.Where(backup => backup.OsTypeKey == systemKey) : rows;
        var times = (context.QueryString("created_at") ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return times.Length <= MostTimes
            ? times.Aggregate(rows, WithTime)
            : throw new InvalidRequestException($"Invalid input for field/attribute created_at. It has {times.Length} comparisons; at most {MostTimes} are accepted.");
    }

    private static IQueryable<BackupRecord> WithStatus(IQueryable<BackupRecord> rows, string words)
    {
        if (!words.StartsWith(In, StringComparison.OrdinalIgnoreCase))
        {
            var status = Status(words);
            return rows.Where(backup => backup.Status == status);
        }

        var statuses = words[In.Length..].Split(',', StringSplitOptions.TrimEntries).Select(Status).Distinct().ToList();
        return rows.Where(backup => statuses.Contains(backup.Status));
    }

    private static BackupStatus Status(string word) => WireNames.Find<BackupStatus>(word)
        ?? throw new InvalidRequestException($"Invalid input for field/attribute status. Value: {word}. It must be one of {string.Join(", ", Enum.GetValues<BackupStatus>().Select(value => value.ToWire()))}.");

    private static IQueryable<BackupRecord> WithTime(IQueryable<BackupRecord> rows, string comparison)
    {
        var colon = comparison.IndexOf(':', StringComparison.Ordinal);
        var time = DateTime.TryParse(comparison[(colon + 1)..], CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal, out var parsed)
            ? parsed
            : throw InvalidTime(comparison);
        return (colon < 0 ? "" : comparison[..colon]) switch
        {
            "gt" => rows.Where(backup => backup.CreatedAt > time),
            "gte" => rows.Where(backup => backup.CreatedAt >= time),
            "lt" => rows.Where(backup => backup.CreatedAt < time),
            "lte" => rows.Where(backup => backup.CreatedAt <= time),
            _ => throw InvalidTime(comparison),
        };
    }

    private static InvalidRequestException InvalidTime(string comparison)
        => new($"Invalid input for field/attribute created_at. Value: {comparison}. It must be gt:, gte:, lt: or lte: and a time, such as gte:2026-11-01T00:00:00.");
}
