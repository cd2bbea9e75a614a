using System.Collections.Frozen;
using System.Text.Json;

namespace ImageBackup.Core.Persistence;

/// <summary>The spelling of enums in responses and in the database: <c>creating_backup</c> for statuses, <c>SUCCESS</c> for TaskFlow's states.</summary>
public static class WireNames
{
    /// <summary>Returns the wire word of <paramref name="status"/>.</summary>
    public static string ToWire(this BackupStatus status) => Words<BackupStatus>.Snake[status];

    /// <summary>Returns the wire word of <paramref name="state"/>.</summary>
    public static string ToWire(this QueueState state) => Words<QueueState>.Snake[state];

    /// <summary>Returns TaskFlow's word for <paramref name="state"/>.</summary>
    public static string ToWire(this FlowState state) => Words<FlowState>.Upper[state];

    /// <summary>Returns TaskFlow's word for <paramref name="state"/>.</summary>
    public static string ToWire(this TaskState state) => Words<TaskState>.Upper[state];

    /// <summary>Returns the value whose wire word is <paramref name="word"/>, in any case; null if there is none.</summary>
    public static T? Find<T>(string word)
        where T : struct, Enum
        => Words<T>.Values.TryGetValue(word, out var value) ? value : null;

    /// <summary>Returns the value whose wire word is <paramref name="word"/>, from a row of the database.</summary>
    public static T Parse<T>(string word)
        where T : struct, Enum
        => Find<T>(word) ?? throw new InvalidDataException($"'{word}' is not a {typeof(T).Name}.");

    /// <summary>Returns the word of <paramref name="value"/> in the database.</summary>
    internal static string Snake(Enum value) => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    /// <summary>The words of one enumeration.</summary>
    private static class Words<T>
        where T : struct, Enum
    {
        public static readonly FrozenDictionary<T, string> Snake = Enum.GetValues<T>().ToFrozenDictionary(value => value, value => WireNames.Snake(value));

        public static readonly FrozenDictionary<T, string> Upper = Snake.ToFrozenDictionary(pair => pair.Key, pair => pair.Value.ToUpperInvariant());

        public static readonly FrozenDictionary<string, T> Values = Snake.ToFrozenDictionary(pair => pair.Value, pair => pair.Key, StringComparer.OrdinalIgnoreCase);
    }
}
