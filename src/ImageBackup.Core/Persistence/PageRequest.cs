namespace ImageBackup.Core.Persistence;

/// <summary>The requested part of a list, and its order.</summary>
public sealed record PageRequest
{
    /// <summary>The most items; 0 for an empty page.</summary>
    public int Limit { get; init; } = 1000;

    /// <summary>The id of an item; the page starts after it.</summary>
    public string? Marker { get; init; }

    /// <summary>The number of items to skip after the marker or from the start.</summary>
    public int Offset { get; init; }

    /// <summary>Sort keys, most significant first; empty for the newest first.</summary>
    public IReadOnlyList<SortField> Sort { get; init; } = [];

    /// <summary>True if the page also needs the number of all items.</summary>
    public bool WithCount { get; init; }
}

/// <summary>One key of an order, by its wire name.</summary>
public sealed record SortField(string Name, bool Descending);

/// <summary>One page of a list.</summary>
/// <param name="Items">The page's items, in order.</param>
/// <param name="HasMore">True if more items follow.</param>
/// <param name="Count">The number of all items; null if it was not requested.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, bool HasMore, int? Count);
