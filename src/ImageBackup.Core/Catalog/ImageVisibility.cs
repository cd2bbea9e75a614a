namespace ImageBackup.Core.Catalog;

/// <summary>Glance's words for an image's visibility.</summary>
public static class ImageVisibility
{
    public const string Public = "public";

    public const string Private = "private";

    public const string Shared = "shared";

    public const string Community = "community";

    public static readonly IReadOnlyList<string> All = [Public, Private, Shared, Community];
}
