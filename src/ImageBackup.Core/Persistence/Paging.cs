using ImageBackup.Core.Errors;
using Microsoft.EntityFrameworkCore;

namespace ImageBackup.Core.Persistence;

/// <summary>Sorts and pages a query as Cinder and Glance do. A page behind a marker costs what its rows cost, wherever the marker is.</summary>
public static class Paging
{
    /// <summary>Returns the page of <paramref name="query"/> that <paramref name="request"/> asks for.</summary>
    /// <param name="query">The filtered rows.</param>
    /// <param name="request">Order, marker, offset and limit.</param>
    /// <param name="keys">The keys that the rows can be sorted by.</param>
    /// <param name="cancellationToken">Stops the query.</param>
    /// <exception cref="InvalidRequestException">A sort key is not among <paramref name="keys"/>.</exception>
    /// <exception cref="NotFoundException">The marker names no row of the query.</exception>
    public static async Task<Page<T>> ToPageAsync<T>(this IQueryable<T> query, PageRequest request, SortKeys<T> keys, CancellationToken cancellationToken)
    {
        int? count = request.WithCount ? await query.CountAsync(cancellationToken) : null;
        var order = keys.Order(request.Sort);
        IReadOnlyList<IQueryable<T>> parts = request.Marker is { } marker
            ? PartsAfter(query, order, await FindAsync(query, keys.Id, marker, cancellationToken))
            : [query];
        if (request.Limit == 0)
        {
            return new Page<T>([], false, count);
        }

        var items = parts is [var only]
            ? await Sort(only, order).Skip(request.Offset).Take(request.Limit + 1).ToListAsync(cancellationToken)
            : await ReadAsync(parts.Select(part => Sort(part, order)), request.Offset, request.Limit + 1, cancellationToken);
        var hasMore = items.Count > request.Limit;
        return new Page<T>(hasMore ? items[..request.Limit] : items, hasMore, count);
    }

    private static async Task<T> FindAsync<T>(IQueryable<T> query, SortKey<T> id, string marker, CancellationToken cancellationToken)
    {
        var value = id.Parse(marker);
        var rows = value is null ? [] : await query.Where(id.IsEqual(value)).ToListAsync(cancellationToken);
        return rows.Count > 0 ? rows[0] : throw new NotFoundException($"Marker {marker} could not be found.");
    }

    /// <summary>Splits the rows after the marker into ranges of one key each: the last key's range first, among the rows that equal the marker in all keys before it.</summary>
    private static List<IQueryable<T>> PartsAfter<T>(IQueryable<T> query, IReadOnlyList<(SortKey<T> Key, bool Descending)> order, T marker)
    {
        var parts = new List<IQueryable<T>>();
        foreach (var (key, descending) in order)
        {
            parts.InsertRange(0, key.After(key.ValueOf(marker), descending).Select(query.Where));
            query = query.Where(key.IsEqual(key.ValueOf(marker)));
        }

        return parts;
    }

    private static async Task<List<T>> ReadAsync<T>(IEnumerable<IQueryable<T>> parts, int offset, int count, CancellationToken cancellationToken)
    {
        var wanted = (int)Math.Min(int.MaxValue, (long)offset + count);
        var items = new List<T>();
        foreach (var part in parts)
        {
            if (items.Count == wanted)
            {
                break;
            }

            items.AddRange(await part.Take(wanted - items.Count).ToListAsync(cancellationToken));
        }

        return items[Math.Min(offset, items.Count)..];
    }

    private static IQueryable<T> Sort<T>(IQueryable<T> query, IReadOnlyList<(SortKey<T> Key, bool Descending)> order)
    {
        IOrderedQueryable<T>? sorted = null;
        foreach (var (key, descending) in order)
        {
            sorted = (sorted, descending) switch
            {
                (null, false) => query.OrderBy(key.Selector),
                (null, true) => query.OrderByDescending(key.Selector),
                (_, false) => sorted.ThenBy(key.Selector),
                (_, true) => sorted.ThenByDescending(key.Selector),
            };
        }

        return sorted!;
    }
}
