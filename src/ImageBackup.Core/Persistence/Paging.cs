using System.Globalization;
using System.Linq.Expressions;
using ImageBackup.Core.Errors;
using Microsoft.EntityFrameworkCore;

namespace ImageBackup.Core.Persistence;

/// <summary>Sorts and pages a query as Cinder and Glance do.</summary>
public static class Paging
{
    /// <summary>Returns the page of <paramref name="query"/> that <paramref name="request"/> asks for.</summary>
    /// <param name="query">The filtered rows.</param>
    /// <param name="request">Order, marker, offset and limit.</param>
    /// <param name="keys">The sort keys by their names in requests. They contain <c>created_at</c> and <c>id</c>, unless the request always sorts.</param>
    /// <param name="id">The rows' id, which breaks ties and which markers name.</param>
    /// <param name="cancellationToken">Stops the query.</param>
    /// <exception cref="InvalidRequestException">A sort key is not among <paramref name="keys"/>.</exception>
    /// <exception cref="NotFoundException">The marker names no row of the query.</exception>
    public static async Task<Page<T>> ToPageAsync<T, TId>(
        this IQueryable<T> query,
        PageRequest request,
        IReadOnlyDictionary<string, Expression<Func<T, object?>>> keys,
        Expression<Func<T, TId>> id,
        CancellationToken cancellationToken)
        where TId : notnull
    {
        int? count = request.WithCount ? await query.CountAsync(cancellationToken) : null;
        var sorted = Sort(query, request.Sort, keys, id);
        var start = request.Offset;
        if (request.Marker is { } marker)
        {
            // Reading only the ids is cheap, and a position is correct for every order, with nulls and ties.
            var ids = await sorted.Select(id).ToListAsync(cancellationToken);
            var position = ids.FindIndex(value => Convert.ToString(value, CultureInfo.InvariantCulture) == marker);
            if (position < 0)
            {
                throw new NotFoundException($"Marker {marker} could not be found.");
            }

            start = (int)Math.Min(int.MaxValue, (long)start + position + 1);
        }

        if (request.Limit == 0)
        {
            return new Page<T>([], false, count);
        }

        var items = await sorted.Skip(start).Take(request.Limit + 1).ToListAsync(cancellationToken);
        var hasMore = items.Count > request.Limit;
        return new Page<T>(hasMore ? items[..request.Limit] : items, hasMore, count);
    }

    private static IOrderedQueryable<T> Sort<T, TId>(
        IQueryable<T> query,
        IReadOnlyList<SortField> sort,
        IReadOnlyDictionary<string, Expression<Func<T, object?>>> keys,
        Expression<Func<T, TId>> id)
    {
        IOrderedQueryable<T>? sorted = null;
        foreach (var key in sort.Count > 0 ? sort : [new SortField("created_at", true)])
        {
            if (!keys.TryGetValue(key.Name, out var expression))
            {
                throw new InvalidRequestException(
                    $"Invalid input received: Sort key '{key.Name}' is not one of {string.Join(", ", keys.Keys.Order(StringComparer.Ordinal))}.");
            }

            sorted = (sorted, key.Descending) switch
            {
                (null, false) => query.OrderBy(expression),
                (null, true) => query.OrderByDescending(expression),
                (_, false) => sorted.ThenBy(expression),
                (_, true) => sorted.ThenByDescending(expression),
            };
        }

        return sort is [] or [{ Descending: true }, ..] ? sorted!.ThenByDescending(id) : sorted!.ThenBy(id);
    }
}
