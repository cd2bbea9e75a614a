using System.Xml.Linq;
using static ImageBackup.Ova.Descriptor.OvfNames;

namespace ImageBackup.Ova.Descriptor;

/// <summary>
/// Reads the descriptors of this library, PowerVC and other tools: with or without attribute prefixes, with unknown sections, without sizes. The document may
/// come from an attacker: a DTD is refused, nothing is resolved, everything is bounded, and every name, size and reference is checked.
/// </summary>
internal static class OvfDescriptorReader
{
    private const int MaxText = 255;

    /// <summary>Reads a descriptor.</summary>
    /// <param name="document">The XML document.</param>
    /// <param name="where">The descriptor's file name, for messages. Without its extension, it names an image that has no name.</param>
    /// <param name="meta">The <c>.meta</c> file, which completes the descriptor.</param>
    /// <param name="options">The limits.</param>
    /// <exception cref="InvalidOvaException">The descriptor is refused.</exception>
    public static OvfDescriptor Read(ReadOnlyMemory<byte> document, string where, OvaMeta? meta, OvaReaderOptions options)
    {
        var envelope = OvfDocument.Load(document, where, options.MaxDescriptorBytes);
        if (!OvfDocument.Is(envelope, "Envelope"))
        {
            throw new InvalidOvaException($"{where}: the root element is {MemberName.Quote(envelope.Name.ToString())}. Expected: ovf:Envelope.");
        }

        var systems = OvfDocument.Descendants(envelope, "VirtualSystem").ToList();
        if (systems.Count > 1)
        {
            throw InvalidOvaException.Unsupported($"{where}: it describes {systems.Count} virtual systems. One is supported.");
        }

        var system = systems.SingleOrDefault();
        var operatingSystem = OvfDocument.Child(system, "OperatingSystemSection");
        return new OvfDescriptor
        {
            Name = Name(envelope, system, where),
            Description = OvfDocument.Text(OvfDocument.Child(OvfDocument.Child(system ?? envelope, "AnnotationSection"), "Annotation")),
            OsType = OsType(operatingSystem, where) ?? meta?.OsType,
            Architecture = Word(operatingSystem?.Element(PowerVc + "architecture"), where) ?? meta?.Architecture,
            Volumes = OvfVolumes.Read(envelope, where, meta, options),
        };
    }

    private static string Name(XElement envelope, XElement? system, string where)
    {
        var collection = OvfDocument.Child(envelope, "VirtualSystemCollection");
        var name = (OvfDocument.Text(OvfDocument.Child(system, "Name"))
            ?? OvfDocument.Text(OvfDocument.Child(collection, "Name"))
            ?? Path.GetFileNameWithoutExtension(where)).Trim();
        return CheckText(name, "The image's name", where);
    }

    internal static string CheckText(string text, string what, string where) =>
        text.Length is 0 or > MaxText || text.Any(char.IsControl)
            ? throw new InvalidOvaException(
                $"{where}: {what} {MemberName.Quote(text)} is refused. Use 1 to {MaxText} characters, no control characters.")
            : text;

    private static string? OsType(XElement? section, string where)
    {
        if (Word(section?.Element(Own + "osType"), where) is { } exact)
        {
            return exact;
        }

        if (section is null || OvfDocument.Attribute(section, "id") is not { } id)
        {
            return null;
        }

        return OvfDocument.TryNumber(id, out var number) && number <= ushort.MaxValue
            ? OperatingSystems.FromNumber((int)number, OvfDocument.Text(OvfDocument.Child(section, "Description")))
            : throw new InvalidOvaException($"{where}: the operating system's id {MemberName.Quote(id)} is no number from 0 to 65535.");
    }

    private static string? Word(XElement? element, string where) =>
        OvfDocument.Text(element)?.Trim() is { } text ? OvaMeta.CheckWord(text, element!.Name.LocalName, where) : null;
}
