using System.Reflection;

namespace ImageBackup.Api.Http;

/// <summary>The member that holds a record on the wire, such as <c>{"image-backup":{…}}</c>.</summary>
/// <param name="name">The member's name.</param>
/// <param name="plural">The member's name in a list.</param>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class EnvelopeAttribute(string name, string? plural = null) : Attribute
{
    /// <summary>The member's name.</summary>
    public string Name => name;

    /// <summary>True if a request may leave the envelope out.</summary>
    public bool IsOptional { get; init; }

    /// <summary>
    /// Returns the wire name of a member of <see cref="Enveloped{T}"/> or <see cref="ListResponse{T}"/>: <c>item</c>, <c>items</c> and <c>items_links</c>
    /// stand for the words of the record they hold.
    /// </summary>
    public static string NameOf(Type holder, string member)
        => holder.IsGenericType && holder.GenericTypeArguments[0].GetCustomAttribute<EnvelopeAttribute>() is { } envelope ? envelope.NameOf(member) : member;

    private string NameOf(string member) => member switch
    {
        "item" => name,
        "items" => plural!,
        "items_links" => $"{plural}_links",
        _ => member,
    };
}
