using System.Linq.Expressions;
using ImageBackup.Core.Errors;

namespace ImageBackup.Core.Persistence;

/// <summary>The keys that rows can be sorted by, by their names in requests.</summary>
/// <param name="id">The rows' id. It breaks ties, and markers name it.</param>
public sealed class SortKeys<T>(Expression<Func<T, object?>> id)
{
    private readonly Dictionary<string, SortKey<T>> keys = [];

    /// <summary>The name that a search looks in; null for rows that are not searched.</summary>
    public Expression<Func<T, string?>>? Name { get; init; }

    internal SortKey<T> Id { get; } = new(id);

    /// <summary>The column of a name.</summary>
    public Expression<Func<T, object?>> this[string name]
    {
        get => Find(name).Selector;
        init => keys.Add(name, new SortKey<T>(value));
    }

    /// <summary>Returns the keys of an order, most significant first; newest first if the request names none. The id is the last one, in the direction of the first.</summary>
    /// <exception cref="InvalidRequestException">A key does not exist.</exception>
    internal (SortKey<T> Key, bool Descending)[] Order(IReadOnlyList<SortField> sort)
    {
        IReadOnlyList<SortField> fields = sort.Count > 0 ? sort : [new SortField("created_at", true)];
        return [.. fields.Select(field => (Find(field.Name), field.Descending)), (Id, fields[0].Descending)];
    }

    private SortKey<T> Find(string name) => keys.GetValueOrDefault(name)
        ?? throw new InvalidRequestException($"Invalid input received: Sort key '{name}' is not one of {string.Join(", ", keys.Keys.Order(StringComparer.Ordinal))}.");
}
