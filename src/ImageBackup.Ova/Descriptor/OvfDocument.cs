using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using static ImageBackup.Ova.Descriptor.OvfNames;

namespace ImageBackup.Ova.Descriptor;

/// <summary>A descriptor as XML: loaded without trust, and asked by namespace and local name whatever the prefixes.</summary>
internal static class OvfDocument
{
    /// <summary>A descriptor nests some eight deep; a document that nests without end would end the process in whoever walks it.</summary>
    private const int MaxDepth = 64;

    public static XElement Load(ReadOnlyMemory<byte> document, string where, int maxBytes)
    {
        if (document.Length > maxBytes)
        {
            throw new InvalidOvaException($"{where}: it has {document.Length} bytes; at most {maxBytes} are accepted.");
        }

        try
        {
            using (var depth = Open(document, maxBytes))
            {
                while (depth.Read())
                {
                    if (depth.Depth > MaxDepth)
                    {
                        throw new InvalidOvaException($"{where}: elements are nested more than {MaxDepth} deep.");
                    }
                }
            }

            using var reader = Open(document, maxBytes);
            return XDocument.Load(reader).Root!;
        }
        catch (XmlException failure)
        {
            throw new InvalidOvaException($"{where}: it is not well-formed XML, or declares a document type, which is not accepted: {failure.Message}", failure);
        }
    }

    public static bool Is(XElement element, string name) =>
        element.Name.LocalName == name && (element.Name.Namespace == Ovf || element.Name.Namespace == Ovf2);

    public static XElement? Child(XElement? parent, string name) => parent?.Elements().FirstOrDefault(element => Is(element, name));

    public static IEnumerable<XElement> Descendants(XElement parent, string name) => parent.Descendants().Where(element => Is(element, name));

    /// <summary>An attribute with the OVF prefix, as DSP0243 has it; without, as PowerVC's tools write it; or glued, as IBM's page prints it.</summary>
    public static string? Attribute(XElement element, string name) =>
        ((element.Attribute(Ovf + name) ?? element.Attribute(Ovf2 + name)) ?? element.Attribute(name) ?? element.Attribute("ovf" + name))?.Value.Trim();

    /// <summary>The text of an element, null where there is none but white space.</summary>
    public static string? Text(XElement? element) => element is null || string.IsNullOrWhiteSpace(element.Value) ? null : element.Value;

    public static bool TryNumber(string text, out long number) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private static XmlReader Open(ReadOnlyMemory<byte> document, int maxBytes) => XmlReader.Create(
        new MemoryStream(document.ToArray(), writable: false),
        new XmlReaderSettings
        {
            DtdProcessing = DtdProcessing.Prohibit,
            XmlResolver = null,
            MaxCharactersInDocument = maxBytes,
            IgnoreComments = true,
            IgnoreProcessingInstructions = true,
            CloseInput = true,
        });
}
