using System.Globalization;
using System.Linq.Expressions;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace ImageBackup.Core.Persistence;

/// <summary>A column that rows can be sorted by, and the conditions that find the rows after a value of it. Null comes before all values.</summary>
/// <param name="key">Reads the column.</param>
internal sealed class SortKey<T>(Expression<Func<T, object?>> key)
{
    private static readonly MethodInfo CompareStrings = ((Func<string, string, int>)string.Compare).Method;

    private readonly Func<T, object?> read = key.Compile();

    private readonly Expression column = key.Body is UnaryExpression { NodeType: ExpressionType.Convert } boxed ? boxed.Operand : key.Body;

    public Expression<Func<T, object?>> Selector => key;

    private bool IsNullable => !column.Type.IsValueType || Nullable.GetUnderlyingType(column.Type) is not null;

    /// <summary>Returns the column's value in a row.</summary>
    public object? ValueOf(T row) => read(row);

    /// <summary>Returns the value that a text means; null if it means none. Only for an id: text or a number.</summary>
    public object? Parse(string text)
        => column.Type == typeof(string) ? text : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>Returns the condition that the column has this value.</summary>
    public Expression<Func<T, bool>> IsEqual(object? value) => Condition(Expression.Equal(column, Parameter(value)));

    /// <summary>
    /// Returns the conditions of the rows after a value, in the order of their rows. Each is a range or a constant, so that an index finds its rows.
    /// </summary>
    public IEnumerable<Expression<Func<T, bool>>> After(object? value, bool descending)
    {
        var none = Expression.Constant(null, IsNullable ? column.Type : typeof(object));
        if (value is null)
        {
            return descending ? [] : [Condition(Expression.NotEqual(column, none))];
        }

        var beyond = Condition(Beyond(value, descending));
        return descending && IsNullable ? [beyond, Condition(Expression.Equal(column, none))] : [beyond];
    }

    private Expression Beyond(object value, bool descending)
    {
        if (column.Type == typeof(string))
        {
            return Ordered(Expression.Call(CompareStrings, column, Parameter(value)), Expression.Constant(0), descending);
        }

        return value is bool or Enum ? IsOneOf(WordsBeyond(value, descending)) : Ordered(column, Parameter(value), descending);
    }

    private static BinaryExpression Ordered(Expression left, Expression right, bool descending)
        => descending ? Expression.LessThan(left, right) : Expression.GreaterThan(left, right);

    /// <summary>Returns the values of a boolean or an enumeration beyond one of them. The database orders an enumeration by its words.</summary>
    private static IEnumerable<object> WordsBeyond(object value, bool descending)
    {
        IEnumerable<object> all = value is bool ? [false, true] : Enum.GetValues(value.GetType()).Cast<object>();
        return all.Where(other => Compare(other, value) is var order && (descending ? order < 0 : order > 0));
    }

    private static int Compare(object left, object right)
        => left is bool ? Comparer<object>.Default.Compare(left, right) : string.CompareOrdinal(WireNames.Snake((Enum)left), WireNames.Snake((Enum)right));

    private Expression IsOneOf(IEnumerable<object> values)
        => values.Select(value => (Expression)Expression.Equal(column, Expression.Constant(value, column.Type)))
            .DefaultIfEmpty(Expression.Constant(false))
            .Aggregate(Expression.OrElse);

    /// <summary>Puts a value into a field, so that the statement has a parameter and is compiled only once.</summary>
    private MemberExpression Parameter(object? value)
    {
        var box = (IStrongBox)Activator.CreateInstance(typeof(StrongBox<>).MakeGenericType(column.Type))!;
        box.Value = value;
        return Expression.Field(Expression.Constant(box), nameof(StrongBox<>.Value));
    }

    private Expression<Func<T, bool>> Condition(Expression body) => Expression.Lambda<Func<T, bool>>(body, key.Parameters);
}
