using System.Reflection;
using System.Text.Json;

namespace ImageBackup.Api.Http;

/// <summary>The words a text field accepts, in any case. A list with <c>True</c> and <c>False</c> also accepts booleans.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class AllowedWordsAttribute : Attribute
{
    /// <summary>Accepts the given words.</summary>
    public AllowedWordsAttribute(params string[] words) => Words = words;

    /// <summary>Accepts the names of an enum in snake case, or the words in the static field <c>All</c> of the class that owns the list.</summary>
    public AllowedWordsAttribute(Type owner) => Words = owner.IsEnum
        ? [.. Enum.GetNames(owner).Select(JsonNamingPolicy.SnakeCaseLower.ConvertName)]
        : (IReadOnlyList<string>)owner.GetField("All", BindingFlags.Public | BindingFlags.Static)!.GetValue(null)!;

    /// <summary>The words in the spelling that responses use.</summary>
    public IReadOnlyList<string> Words { get; }

    /// <summary>What to do with another value; the end of the refusal.</summary>
    public string? Hint { get; init; }
}
