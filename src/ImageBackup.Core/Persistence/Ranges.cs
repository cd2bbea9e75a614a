namespace ImageBackup.Core.Persistence;

/// <summary>Splits the rows between two rows of an order into ranges of one key each, so that an index finds each range.</summary>
internal static class Ranges
{
    /// <summary>Returns the ranges in order.</summary>
    /// <param name="query">All rows.</param>
    /// <param name="order">The keys, most significant first. The last one is unique.</param>
    /// <param name="after">The row before the first one; null to begin with the first row.</param>
    /// <param name="upTo">The last row; null to end with the last row.</param>
    public static IEnumerable<IQueryable<T>> Between<T>(IQueryable<T> query, ReadOnlyMemory<(SortKey<T> Key, bool Descending)> order, T? after, T? upTo)
        where T : class
    {
        if (order.Length == 0)
        {
            // All keys are equal: this is the row itself.
            return after is null ? [query] : [];
        }

        if (after is null && upTo is null)
        {
            return [query];
        }

        var (key, descending) = order.Span[0];
        var rest = order[1..];
        if (after is not null && upTo is not null && Equals(key.ValueOf(after), key.ValueOf(upTo)))
        {
            return Between(query.Where(key.IsEqual(key.ValueOf(after))), rest, after, upTo);
        }

        var first = after is null ? [] : Between(query.Where(key.IsEqual(key.ValueOf(after))), rest, after, null);
        var last = upTo is null ? [] : Between(query.Where(key.IsEqual(key.ValueOf(upTo))), rest, null, upTo);
        return [.. first, .. Middle(query, key, descending, after, upTo), .. last];
    }

    private static IEnumerable<IQueryable<T>> Middle<T>(IQueryable<T> query, SortKey<T> key, bool descending, T? after, T? upTo)
        where T : class
    {
        IEnumerable<IQueryable<T>> parts = after is null ? [query] : key.After(key.ValueOf(after), descending).Select(query.Where);
        return upTo is null
            ? parts
            : parts.SelectMany(part => key.After(key.ValueOf(upTo), !descending).Reverse().Select(part.Where));
    }
}
