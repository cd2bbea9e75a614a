using System.Globalization;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using ImageBackup.Disks;
using static ImageBackup.Ova.Descriptor.OvfNames;

namespace ImageBackup.Ova.Descriptor;

/// <summary>
/// Writes a descriptor with PowerVC's elements, valid by DMTF's schema (DSP8023). In contrast to PowerVC, the virtual system is not in a collection, because
/// virt-v2v and COT look for it directly below the envelope (docs/decisions/0010).
/// </summary>
internal static class OvfDescriptorWriter
{
    private const int MaxTitle = 255;

    /// <summary>Returns the document: UTF-8 without a byte order mark.</summary>
    /// <exception cref="InvalidOvaException">A name, word or size is refused.</exception>
    public static byte[] Write(OvfDescriptor descriptor)
    {
        foreach (var volume in descriptor.Volumes)
        {
            MemberName.Check(volume.Href, "Descriptor");
            if (volume.Capacity < 0 || volume.StoredSize < 0)
            {
                throw new InvalidOvaException($"Descriptor: {MemberName.Quote(volume.Href)} has a negative size.");
            }
        }

        CheckWord(descriptor.OsType, "os type");
        CheckWord(descriptor.Architecture, "architecture");

        var volumes = descriptor.Volumes.Select((volume, index) => (volume, Number: index + 1)).ToList();
        var envelope = new XElement(
            Ovf + "Envelope",
            new XAttribute(XNamespace.Xmlns + "ovf", Ovf),
            new XAttribute(XNamespace.Xmlns + "rasd", Rasd),
            new XElement(
                Ovf + "References",
                volumes.Select(entry => File(entry.volume, entry.Number)),
                descriptor.OtherFiles.Select((file, index) => File(file.Href, $"other{index + 1}", file.Size))),
            new XElement(
                Ovf + "DiskSection",
                new XElement(Ovf + "Info", "Disk Section"),
                volumes.Select(entry => Disk(entry.volume, entry.Number))),
            VirtualSystem(descriptor, volumes.Select(entry => Item(entry.volume, entry.Number))));
        return Save(envelope);
    }

    private static XElement File(OvfVolume volume, int number)
    {
        var file = File(volume.Href, $"file{number}", volume.StoredSize);
        file.Add(volume.Compression is { } compression ? new XAttribute(Ovf + "compression", DiskFormatNames.NameOf(compression)) : null);
        return file;
    }

    private static XElement File(string href, string id, long? size) => new(
        Ovf + "File",
        new XAttribute(Ovf + "href", href),
        new XAttribute(Ovf + "id", id),
        size is null ? null : new XAttribute(Ovf + "size", size));

    private static XElement Disk(OvfVolume volume, int number) => new(
        Ovf + "Disk",
        new XAttribute(Ovf + "capacity", volume.Capacity),
        new XAttribute(Ovf + "capacityAllocationUnits", "byte"),
        new XAttribute(Ovf + "diskId", $"disk{number}"),
        new XAttribute(Ovf + "fileRef", $"file{number}"));

    private static XElement VirtualSystem(OvfDescriptor descriptor, IEnumerable<XElement> items) => new(
        Ovf + "VirtualSystem",
        new XAttribute(Ovf + "id", "vs0"),
        new XElement(Ovf + "Info"),
        new XElement(Ovf + "Name", Title(descriptor.Name)),
        descriptor.Description is { } description
            ? new XElement(
                Ovf + "AnnotationSection",
                new XElement(Ovf + "Info", "Description of the image"),
                new XElement(Ovf + "Annotation", Clean(description)))
            : null,
        new XElement(Ovf + "ProductSection", new XElement(Ovf + "Info"), new XElement(Ovf + "Product")),
        OperatingSystem(descriptor),
        new XElement(Ovf + "VirtualHardwareSection", new XElement(Ovf + "Info", "Storage resources"), items));

    private static XElement OperatingSystem(OvfDescriptor descriptor)
    {
        var number = OperatingSystems.Number(descriptor.OsType);
        var title = descriptor.OsType is { } osType ? Clean(OperatingSystems.Title(osType)) : null;
        return new XElement(
            Ovf + "OperatingSystemSection",
            new XAttribute(Ovf + "id", number),
            new XElement(Ovf + "Info"),
            title is null ? null : new XElement(Ovf + "Description", title),
            descriptor.Architecture is { } architecture ? Extension(PowerVc, "architecture", Clean(architecture)) : null,

            // The exact word is written only if number and description stand for another word.
            descriptor.OsType is not null && OperatingSystems.FromNumber(number, title) != descriptor.OsType
                ? Extension(Own, "osType", Clean(descriptor.OsType))
                : null);
    }

    private static XElement Item(OvfVolume volume, int number) => new(
        Ovf + "Item",
        new XElement(Rasd + "Description", volume.Boot ? "Boot volume" : "Data volume"),
        new XElement(Rasd + "ElementName", Title(volume.Name)),
        new XElement(Rasd + "HostResource", $"ovf:/disk/disk{number}"),
        new XElement(Rasd + "InstanceID", number.ToString(CultureInfo.InvariantCulture)),
        new XElement(Rasd + "ResourceType", DiskDrive),
        Extension(PowerVc, "boot", volume.Boot ? "True" : "False"));

    private static XElement Extension(XNamespace ns, string name, string value) =>
        new(ns + name, new XAttribute(XNamespace.Xmlns + "ns0", ns), value);

    private static void CheckWord(string? word, string what)
    {
        if (word is not null)
        {
            _ = OvaMeta.CheckWord(word, what, "Descriptor");
        }
    }

    /// <summary>Returns a name as every reader accepts it: one line of 1 to 255 characters.</summary>
    private static string Title(string name)
    {
        var line = new string([.. Clean(name).Select(character => char.IsControl(character) ? ' ' : character)]).Trim();
        return line.Length == 0 ? "unnamed" : line.Length <= MaxTitle ? line : line[..(char.IsHighSurrogate(line[MaxTitle - 1]) ? MaxTitle - 1 : MaxTitle)];
    }

    /// <summary>Replaces the characters that XML does not allow with U+FFFD.</summary>
    private static string Clean(string text)
    {
        var clean = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (i + 1 < text.Length && XmlConvert.IsXmlSurrogatePair(text[i + 1], text[i]))
            {
                clean.Append(text[i]).Append(text[++i]);
            }
            else
            {
                clean.Append(XmlConvert.IsXmlChar(text[i]) ? text[i] : '\uFFFD');
            }
        }

        return clean.ToString();
    }

    private static byte[] Save(XElement envelope)
    {
        using var buffer = new MemoryStream();
        var settings = new XmlWriterSettings
        {
            Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            Indent = true,
            NewLineChars = "\n",
            NewLineHandling = NewLineHandling.Entitize,
        };
        using (var writer = XmlWriter.Create(buffer, settings))
        {
            new XDocument(envelope).Save(writer);
        }

        buffer.WriteByte((byte)'\n');
        return buffer.ToArray();
    }
}
