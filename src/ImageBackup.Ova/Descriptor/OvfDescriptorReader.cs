using System.Xml.Linq;
using static ImageBackup.Ova.Descriptor.OvfNames;

namespace ImageBackup.Ova.Descriptor;

/// <summary>
/// Reads a descriptor, ours, PowerVC's and those of the tools around it: attributes with and without prefix, sections that nobody knows, missing sizes.
/// The document comes from outside: no DTD, nothing resolved, everything bounded, every name, size and reference checked.
/// </summary>
public static class OvfDescriptorReader
{
    private const int MaxText = 255;

    /// <summary>Reads the document. Facts it leaves out are taken from <paramref name="meta"/>.</summary>
    /// <param name="where">Name of the descriptor, for messages, and for the image's name where none is told.</param>
    /// <exception cref="InvalidOvaException">The document is not what a descriptor should be; the message says what.</exception>
    public static OvfDescriptor Read(ReadOnlyMemory<byte> document, string where, OvaMeta? meta, OvaReaderOptions options)
    {
        var envelope = OvfDocument.Load(document, where, options.MaxDescriptorBytes);
        if (!OvfDocument.Is(envelope, "Envelope"))
        {
            throw new InvalidOvaException($"{where}: the root element is {MemberName.Quote(envelope.Name.ToString())}; ovf:Envelope is expected.");
        }

        var systems = OvfDocument.Descendants(envelope, "VirtualSystem").ToList();
        if (systems.Count > 1)
        {
            throw new InvalidOvaException($"{where}: it describes {systems.Count} virtual systems; an image is one.");
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
                $"{where}: {what} {MemberName.Quote(text)} is refused; 1 to {MaxText} characters, none of them control characters, are expected.")
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
