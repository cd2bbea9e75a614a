namespace ImageBackup.Core.Catalog;

/// <summary>What a list of images is narrowed to; null or empty for no narrowing.</summary>
public sealed record ImageFilter
{
    public IReadOnlyList<string>? Ids { get; init; }

    public IReadOnlyList<string>? Names { get; init; }

    public IReadOnlyList<string>? Statuses { get; init; }

    public string? Owner { get; init; }

    /// <summary>A visibility, or <c>all</c>.</summary>
    public string? Visibility { get; init; }

    public bool? IsProtected { get; init; }

    /// <summary>Hidden images are listed only where they are asked for.</summary>
    public bool IsHidden { get; init; }

    public long? SizeMin { get; init; }

    public long? SizeMax { get; init; }

    /// <summary>Tags that an image must all have.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Further properties and the values they must have.</summary>
    public IReadOnlyDictionary<string, string> Properties { get; init; } = new Dictionary<string, string>();
}
