using System.Collections.Concurrent;
using System.Text.Json;

namespace ImageBackup.Core.Persistence;

/// <summary>The spelling of enums in responses and in the database: <c>creating_backup</c> for statuses, <c>SUCCESS</c> for TaskFlow's states.</summary>
public static class WireNames
{
    private static readonly ConcurrentDictionary<Enum, string> Names = [];

    /// <summary>Returns the wire word of <paramref name="status"/>.</summary>
    public static string ToWire(this BackupStatus status) => Snake(status);

    /// <summary>Returns the wire word of <paramref name="state"/>.</summary>
    public static string ToWire(this QueueState state) => Snake(state);

    /// <summary>Returns TaskFlow's word for <paramref name="state"/>.</summary>
    public static string ToWire(this FlowState state) => Upper(state);

    /// <summary>Returns TaskFlow's word for <paramref name="state"/>.</summary>
    public static string ToWire(this TaskState state) => Upper(state);

    /// <summary>Returns the value whose wire word is <paramref name="word"/>, in any case; null if there is none.</summary>
    public static T? Find<T>(string word)
        where T : struct, Enum
    {
        foreach (var value in Enum.GetValues<T>())
        {
            if (string.Equals(Snake(value), word, StringComparison.OrdinalIgnoreCase))
            {
                return value;
            }
        }

        return null;
    }

    /// <summary>Returns the value whose wire word is <paramref name="word"/>, from a row of the database.</summary>
    public static T Parse<T>(string word)
        where T : struct, Enum
        => Find<T>(word) ?? throw new InvalidDataException($"'{word}' is not a {typeof(T).Name}.");

    /// <summary>Returns the word of <paramref name="value"/> in the database.</summary>
    internal static string Snake(Enum value)
        => Names.GetOrAdd(value, v => JsonNamingPolicy.SnakeCaseLower.ConvertName(v.ToString()));

    private static string Upper(Enum value) => Snake(value).ToUpperInvariant();
}
