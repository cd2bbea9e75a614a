namespace ImageBackup.Core.Catalog;

/// <summary>Glance's words for an image's status.</summary>
public static class ImageStatus
{
    public const string Queued = "queued";

    public const string Saving = "saving";

    /// <summary>An import is still creating the image from volumes.</summary>
    public const string Importing = "importing";

    public const string Active = "active";

    /// <summary>Every status.</summary>
    public static readonly IReadOnlyList<string> All = [Queued, Saving, Importing, Active];
}
