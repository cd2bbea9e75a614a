using ImageBackup.Core.Errors;
using Microsoft.EntityFrameworkCore;

namespace ImageBackup.Core.Persistence;

/// <summary>
/// Sorts and pages a query as Cinder and Glance do. A page behind a marker costs what its rows cost, wherever the marker is. A page of a search for a part
/// of a name reads at most <see cref="MostSearched"/> rows. It can have fewer items than its limit, and the next page goes on behind the last row read.
/// </summary>
public static class Paging
{
    /// <summary>Rows that one page of a search reads: some milliseconds.</summary>
    public const int MostSearched = 5_000;

    /// <summary>Returns the page of <paramref name="query"/> that <paramref name="request"/> asks for.</summary>
    /// <param name="query">The filtered rows.</param>
    /// <param name="request">Order, marker, offset, limit, and a part of the name.</param>
    /// <param name="keys">The keys that the rows can be sorted by.</param>
    /// <param name="cancellationToken">Stops the query.</param>
    /// <exception cref="InvalidRequestException">A sort key is not among <paramref name="keys"/>.</exception>
    /// <exception cref="NotFoundException">The marker names no row of the query.</exception>
    public static Task<Page<T>> ToPageAsync<T>(this IQueryable<T> query, PageRequest request, SortKeys<T> keys, CancellationToken cancellationToken)
        where T : class
        => query.ToPageAsync(request, keys, MostSearched, cancellationToken);

    internal static async Task<Page<T>> ToPageAsync<T>(this IQueryable<T> query, PageRequest request, SortKeys<T> keys, int mostSearched, CancellationToken cancellationToken)
        where T : class
    {
        var order = keys.Order(request.Sort);
        var marker = request.Marker is { } id ? await FindAsync(query, keys.Id, id, cancellationToken) : null;
        var search = keys.Name is { } name && !string.IsNullOrEmpty(request.NamePart) ? NamePart.Condition(name, request.NamePart) : null;
        int? count = !request.WithCount ? null
            : search is null ? await query.CountAsync(cancellationToken)
            : await Sort(query, order).Take(mostSearched + 1).CountAsync(cancellationToken) <= mostSearched ? await query.CountAsync(search, cancellationToken)
            : null;
        if (request.Limit == 0)
        {
            return new Page<T>([], null, count);
        }

        var end = search is null ? null : await FindEndAsync(query, order, marker, mostSearched, cancellationToken);
        var parts = Ranges.Between(query, order, marker, end).Select(part => Sort(search is null ? part : part.Where(search), order)).ToList();
        var items = parts is [var only]
            ? await only.Skip(request.Offset).Take(request.Limit + 1).ToListAsync(cancellationToken)
            : await ReadAsync(parts, request.Offset, request.Limit + 1, cancellationToken);
        return items.Count > request.Limit ? new Page<T>(items[..request.Limit], items[request.Limit - 1], count) : new Page<T>(items, end, count);
    }

    private static async Task<T> FindAsync<T>(IQueryable<T> query, SortKey<T> id, string marker, CancellationToken cancellationToken)
    {
        var value = id.Parse(marker);
        var rows = value is null ? [] : await query.Where(id.IsEqual(value)).ToListAsync(cancellationToken);
        return rows.Count > 0 ? rows[0] : throw new NotFoundException($"Marker {marker} could not be found.");
    }

    /// <summary>Returns the last row that a search reads; null if it reads all rows after the marker.</summary>
    private static async Task<T?> FindEndAsync<T>(IQueryable<T> query, (SortKey<T> Key, bool Descending)[] order, T? marker, int left, CancellationToken cancellationToken)
        where T : class
    {
        foreach (var part in Ranges.Between(query, order, marker, null).Select(part => Sort(part, order)))
        {
            // One row more tells whether the rows end here.
            var count = await part.Take(left + 1).CountAsync(cancellationToken);
            if (count > left)
            {
                return await part.Skip(left - 1).FirstAsync(cancellationToken);
            }

            // At least one row is left, so that the end is a row of the next part.
            left = Math.Max(1, left - count);
        }

        return null;
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
