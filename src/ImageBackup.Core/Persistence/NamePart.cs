using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore.Query;

namespace ImageBackup.Core.Persistence;

/// <summary>The search for a part of a name. No index finds it, so <see cref="Paging"/> limits the rows that one page reads.</summary>
public static class NamePart
{
    /// <summary>Returns the condition that the name contains a text. Letters from A to Z match in any case.</summary>
    internal static Expression<Func<T, bool>> Condition<T>(Expression<Func<T, string?>> name, string part)
    {
        var lower = Lower(part);

#pragma warning disable CA1304, CA1311, CA1862 // The database lowers the letters. It knows no cultures.
        Expression<Func<string, bool>> contains = text => text.Contains(part) || text.ToLower().Contains(lower);
#pragma warning restore CA1304, CA1311, CA1862
        return Expression.Lambda<Func<T, bool>>(ReplacingExpressionVisitor.Replace(contains.Parameters[0], name.Body, contains.Body), name.Parameters);
    }

    /// <summary>Lowers the letters from A to Z, as SQLite's <c>lower</c> does.</summary>
    public static string Lower(string text) => string.Create(text.Length, text, (letters, from) =>
    {
        for (var i = 0; i < letters.Length; i++)
        {
            letters[i] = char.IsAsciiLetterUpper(from[i]) ? (char)(from[i] | 0x20) : from[i];
        }
    });
}
