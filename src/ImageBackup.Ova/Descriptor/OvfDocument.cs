using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using static ImageBackup.Ova.Descriptor.OvfNames;

namespace ImageBackup.Ova.Descriptor;

/// <summary>Loads descriptors, which may come from an attacker, and finds elements and attributes by namespace, whatever the prefix.</summary>
internal static class OvfDocument
{
    /// <summary>Descriptors nest about eight deep. Recursion over a document without a limit would overflow the stack.</summary>
    private const int MaxDepth = 64;

    /// <summary>Loads a document and returns its root element.</summary>
    /// <exception cref="InvalidOvaException">The document is too large, nested too deep, not well-formed, or has a document type.</exception>
    public static XElement Load(ReadOnlyMemory<byte> document, string where, int maxBytes)
    {
        if (document.Length > maxBytes)
        {
            throw new InvalidOvaException($"{where}: it has {document.Length} bytes. At most {maxBytes} are read.");
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
            throw new InvalidOvaException($"{where}: it is not well-formed XML, or has a document type, which is refused: {failure.Message}", failure);
        }
    }

    public static bool Is(XElement element, string name) =>
        element.Name.LocalName == name && (IsOvf(element.Name.Namespace) || element.Name.Namespace == XNamespace.None);

    public static XElement? Child(XElement? parent, string name) => parent?.Elements().FirstOrDefault(element => Is(element, name));

    public static IEnumerable<XElement> Descendants(XElement parent, string name) => parent.Descendants().Where(element => Is(element, name));

    /// <summary>Returns an attribute: with the OVF prefix (DSP0243), without (PowerVC's tools), or as <c>ovfid</c> (IBM's page "PowerVC image OVA package details").</summary>
    public static string? Attribute(XElement element, string name) =>
        (element.Attributes().FirstOrDefault(attribute => attribute.Name.LocalName == name && IsOvf(attribute.Name.Namespace))
            ?? element.Attribute(name) ?? element.Attribute("ovf" + name))?.Value.Trim();

    /// <summary>Returns the text of an element, or null for white space only.</summary>
    public static string? Text(XElement? element) => element is null || string.IsNullOrWhiteSpace(element.Value) ? null : element.Value;

    public static bool TryNumber(string text, out long number) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    /// <summary>Some writers of oVirt end the namespace with a slash, and write elements without a namespace.</summary>
    private static bool IsOvf(XNamespace ns) => ns.NamespaceName.TrimEnd('/') is var uri && (uri == Ovf.NamespaceName || uri == Ovf2.NamespaceName);

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
