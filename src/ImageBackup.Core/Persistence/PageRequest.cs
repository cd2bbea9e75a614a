namespace ImageBackup.Core.Persistence;

/// <summary>The part of a list that a request asks for, and its order.</summary>
public sealed record PageRequest
{
    /// <summary>Most items of the page; 0 for an empty page.</summary>
    public int Limit { get; init; } = 1000;

    /// <summary>Id of the item before the page.</summary>
    public string? Marker { get; init; }

    /// <summary>Items to skip after the marker or from the start.</summary>
    public int Offset { get; init; }

    /// <summary>Sort keys, most significant first. Empty means newest first.</summary>
    public IReadOnlyList<SortField> Sort { get; init; } = [];

    /// <summary>A text that the name contains; null or empty for any name.</summary>
    public string? NamePart { get; init; }

    /// <summary>True to count all items.</summary>
    public bool WithCount { get; init; }
}

/// <summary>A sort key, by its name in requests.</summary>
public sealed record SortField(string Name, bool Descending);

/// <summary>A page of a list.</summary>
/// <param name="Items">The page's items, in order.</param>
/// <param name="Last">The row before the next page; null on the last page. It is the last item, unless a search ended behind it.</param>
/// <param name="Count">The number of all items; null if the request does not ask for it, or if a search would have to read too many rows.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, T? Last, int? Count)
    where T : class;
