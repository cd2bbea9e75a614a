using System.Reflection;

namespace ImageBackup.Api.Http;

/// <summary>The words a text field accepts, in any case. A list with <c>True</c> and <c>False</c> also accepts booleans.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class AllowedWordsAttribute : Attribute
{
    /// <summary>Accepts the given words.</summary>
    public AllowedWordsAttribute(params string[] words) => Words = words;

    /// <summary>Accepts the words of the static member <c>All</c> of <paramref name="owner"/>, the type that owns the list.</summary>
    public AllowedWordsAttribute(Type owner)
        => Words = (IReadOnlyList<string>)owner.GetField("All", BindingFlags.Public | BindingFlags.Static)!.GetValue(null)!;

    /// <summary>The words in the spelling that requests are answered with.</summary>
    public IReadOnlyList<string> Words { get; }
}
