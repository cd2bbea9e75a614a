namespace ImageBackup.Core.Persistence;

/// <summary>Which part of a list is wanted, and in what order.</summary>
public sealed record PageRequest
{
    /// <summary>Items at most; 0 is an empty page.</summary>
    public int Limit { get; init; } = 1000;

    /// <summary>Id of the last item seen; the page starts after it.</summary>
    public string? Marker { get; init; }

    /// <summary>Items to leave out, counted from the marker or the start.</summary>
    public int Offset { get; init; }

    /// <summary>Sort keys, most significant first; empty for the newest first.</summary>
    public IReadOnlyList<SortField> Sort { get; init; } = [];

    /// <summary>True where the number of all items is wanted too.</summary>
    public bool WithCount { get; init; }
}

/// <summary>One key of an order, by its wire name.</summary>
public sealed record SortField(string Name, bool Descending);

/// <summary>One page of a list.</summary>
/// <param name="Items">The page's items, in order.</param>
/// <param name="HasMore">True where items follow.</param>
/// <param name="Count">The number of all items; null where it was not asked for.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, bool HasMore, int? Count);
