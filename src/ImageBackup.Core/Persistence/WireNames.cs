using System.Collections.Concurrent;
using System.Text.Json;

namespace ImageBackup.Core.Persistence;

/// <summary>The words for enums on the wire and in the database: <c>creating_backup</c> for a status, <c>SUCCESS</c> for one of TaskFlow's states.</summary>
public static class WireNames
{
    private static readonly ConcurrentDictionary<Enum, string> Names = [];

    /// <summary>Returns the wire word of a status.</summary>
    public static string ToWire(this BackupStatus status) => Snake(status);

    /// <summary>Returns the wire word of a state.</summary>
    public static string ToWire(this QueueState state) => Snake(state);

    /// <summary>Returns TaskFlow's word for a state.</summary>
    public static string ToWire(this FlowState state) => Upper(state);

    /// <summary>Returns TaskFlow's word for a state.</summary>
    public static string ToWire(this TaskState state) => Upper(state);

    /// <summary>Returns the value of a wire word in any case; null for an unknown word.</summary>
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

    /// <summary>Returns the value of a wire word.</summary>
    public static T Parse<T>(string word)
        where T : struct, Enum
        => Find<T>(word) ?? throw new InvalidDataException($"'{word}' is no {typeof(T).Name}.");

    private static string Upper(Enum value) => Snake(value).ToUpperInvariant();

    private static string Snake(Enum value)
        => Names.GetOrAdd(value, v => JsonNamingPolicy.SnakeCaseLower.ConvertName(v.ToString()));
}
