using System.Xml.Linq;
using ImageBackup.Disks;
using static ImageBackup.Ova.Descriptor.OvfNames;

namespace ImageBackup.Ova.Descriptor;

/// <summary>Reads the volumes of a descriptor. Each is described by a file, a disk and a hardware item.</summary>
internal sealed class OvfVolumes
{
    private readonly string where;
    private readonly OvaMeta? meta;
    private readonly OvaReaderOptions options;
    private readonly Dictionary<string, XElement> files;
    private readonly Dictionary<string, XElement> disks;

    private OvfVolumes(XElement envelope, string where, OvaMeta? meta, OvaReaderOptions options)
    {
        this.where = where;
        this.meta = meta;
        this.options = options;
        files = ById(OvfDocument.Child(envelope, "References"), "File", "id");
        disks = ById(OvfDocument.Child(envelope, "DiskSection"), "Disk", "diskId");
    }

    public static IReadOnlyList<OvfVolume> Read(XElement envelope, string where, OvaMeta? meta, OvaReaderOptions options)
    {
        var reader = new OvfVolumes(envelope, where, meta, options);
        reader.CheckFiles();
        return reader.Read(envelope);
    }

    private List<OvfVolume> Read(XElement envelope)
    {
        // Disks in the order of the items. A disk without an item is a data volume.
        var items = DiskItems(envelope).ToList();
        var named = items.Select(entry => entry.DiskId).ToHashSet(StringComparer.Ordinal);
        List<(string DiskId, XElement? Item)> wanted = [.. items.Where(entry => !IsOptical(entry.Item))];
        wanted.AddRange(disks.Keys.Where(id => !named.Contains(id)).Select(id => (id, (XElement?)null)));
        if (wanted.Count == 0 || wanted.Count > options.MaxVolumes)
        {
            throw Refused($"it has {wanted.Count} volumes. 1 to {options.MaxVolumes} are supported.");
        }

        var boots = wanted.Select(entry => Boot(entry.Item)).ToList();
        var volumes = wanted.Select((entry, index) => Volume(entry.DiskId, entry.Item, boots[index] ?? false)).ToList();
        if (volumes.GroupBy(volume => volume.Href, StringComparer.OrdinalIgnoreCase).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw Refused($"two disks use the same file {MemberName.Quote(twice.Key)}.");
        }

        return boots.TrueForAll(boot => boot is null) ? BootByMeta(volumes) : volumes;
    }

    /// <summary>Sets the boot flags if no item has one: by the .meta file, else the first volume boots.</summary>
    private List<OvfVolume> BootByMeta(List<OvfVolume> volumes)
    {
        if (meta?.Volumes.Keys.FirstOrDefault(file => volumes.TrueForAll(volume => volume.Href != file)) is { } unknown)
        {
            throw Refused($"the .meta file names {MemberName.Quote(unknown)}, which is no volume's file.");
        }

        var told = meta?.Volumes.Values.Any(boot => boot) ?? false;
        return [.. volumes.Select((volume, index) => volume with { Boot = told ? meta!.Volumes.GetValueOrDefault(volume.Href) : index == 0 })];
    }

    private IEnumerable<(string DiskId, XElement Item)> DiskItems(XElement envelope)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var items = OvfDocument.Descendants(envelope, "VirtualHardwareSection")
            .Elements()
            .Where(element => OvfDocument.Is(element, "Item") || OvfDocument.Is(element, "StorageItem"));
        foreach (var item in items)
        {
            var isDisk = OvfDocument.Text(Setting(item, "ResourceType"))?.Trim() is DiskDrive;
            var resource = OvfDocument.Text(Setting(item, "HostResource"))?.Trim() ?? "";
            var path = resource.StartsWith("ovf:", StringComparison.Ordinal) ? resource[4..] : resource;
            if (path.StartsWith("/disk/", StringComparison.Ordinal))
            {
                var id = path["/disk/".Length..];
                if (!disks.ContainsKey(id))
                {
                    throw Refused($"a hardware item names the disk {MemberName.Quote(id)}, which is not in the disk section.");
                }

                yield return seen.Add(id) ? (id, item) : throw Refused($"two hardware items name the disk {MemberName.Quote(id)}.");
            }
            else if (isDisk)
            {
                throw Refused($"a disk drive's HostResource is {MemberName.Quote(resource)}. Expected: ovf:/disk/<diskId>.");
            }
        }
    }

    private OvfVolume Volume(string diskId, XElement? item, bool boot)
    {
        var disk = disks[diskId];
        if (OvfDocument.Attribute(disk, "parentRef") is { Length: > 0 } parent)
        {
            throw InvalidOvaException.Unsupported($"{where}: the disk {MemberName.Quote(diskId)} is a difference to {MemberName.Quote(parent)}. Only whole disks are supported.");
        }

        var file = FileOf(disk, diskId);
        var href = file is null ? MemberName.Check($"blank-{diskId}", where) : MemberName.WithoutDot(OvfDocument.Attribute(file, "href")!);
        return new OvfVolume
        {
            Href = href,
            Name = OvfDescriptorReader.CheckText(OvfDocument.Text(Setting(item, "ElementName"))?.Trim() ?? href, "the volume's name", where),
            Capacity = new OvfCapacity(where, options.MaxCapacity).Read(disk, diskId),
            StoredSize = file is null ? 0 : StoredSize(file, href),
            Compression = file is null ? null : Compression(file, href),
            Format = file is null ? null : Format(disk),
            IsBlank = file is null,
            Boot = boot,
        };
    }

    /// <summary>Returns the file of a disk; null for a disk without one, which is empty (DSP0243 1.1 §9.1).</summary>
    private XElement? FileOf(XElement disk, string diskId) => OvfDocument.Attribute(disk, "fileRef") switch
    {
        null or "" => null,
        var id when files.TryGetValue(id, out var file) => file,
        var id => throw Refused($"the disk {MemberName.Quote(diskId)} names the file {MemberName.Quote(id)}, which is not among the references."),
    };

    private bool? Boot(XElement? item) => OvfDocument.Text(item?.Element(PowerVc + "boot"))?.Trim() switch
    {
        null => null,
        var text when text.Equals("True", StringComparison.OrdinalIgnoreCase) => true,
        var text when text.Equals("False", StringComparison.OrdinalIgnoreCase) => false,
        var text => throw Refused($"boot is {MemberName.Quote(text)}. Expected: True or False."),
    };

    private long? StoredSize(XElement file, string href)
    {
        if (OvfDocument.Attribute(file, "size") is not { } text)
        {
            return null;
        }

        return OvfDocument.TryNumber(text, out var size)
            ? size
            : throw Refused($"the size {MemberName.Quote(text)} of {MemberName.Quote(href)} is no number of bytes.");
    }

    private DiskFormat? Compression(XElement file, string href) => OvfDocument.Attribute(file, "compression")?.ToLowerInvariant() switch
    {
        null or "" or "identity" or "none" => null,
        "gzip" => DiskFormat.Gzip,
        "xz" => DiskFormat.Xz,
        "zstd" => DiskFormat.Zstd,
        var other => throw InvalidOvaException.Unsupported(
            $"{where}: the compression {MemberName.Quote(other)} of {MemberName.Quote(href)} is not supported. gzip, xz and zstd are supported."),
    };

    /// <summary>oVirt writes VMDK's URI for every disk, and the format in another attribute.</summary>
    private static DiskFormat? Format(XElement disk) => OvfDocument.Attribute(disk, "volume-format")?.ToUpperInvariant() switch
    {
        "RAW" => DiskFormat.Raw,
        "COW" => DiskFormat.Qcow2,
        _ => OvfDocument.Attribute(disk, "format") is { } uri ? DiskFormatNames.FromOvf(uri) : null,
    };

    /// <summary>Checks every file, also those that no disk uses.</summary>
    private void CheckFiles()
    {
        var hrefs = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (id, file) in files)
        {
            var href = OvfDocument.Attribute(file, "href") ?? throw Refused($"the file {MemberName.Quote(id)} has no href.");
            MemberName.Check(href, where);
            if (!hrefs.Add(href))
            {
                throw Refused($"two files have the href {MemberName.Quote(href)}.");
            }

            if (OvfDocument.Attribute(file, "chunkSize") is not null)
            {
                throw InvalidOvaException.Unsupported($"{where}: the file {MemberName.Quote(href)} is split into chunks, which is not supported.");
            }
        }
    }

    private Dictionary<string, XElement> ById(XElement? section, string element, string attribute)
    {
        var found = new Dictionary<string, XElement>(StringComparer.Ordinal);
        foreach (var entry in section?.Elements().Where(child => OvfDocument.Is(child, element)) ?? [])
        {
            var id = OvfDocument.Attribute(entry, attribute) ?? throw Refused($"a {element} has no {attribute}.");
            if (!found.TryAdd(id, entry))
            {
                throw Refused($"there are two elements {element} {MemberName.Quote(id)}.");
            }
        }

        return found;
    }

    /// <summary>Returns whether an item is a CD or DVD drive. Its disk is no volume.</summary>
    private static bool IsOptical(XElement item) => OpticalDrives.Contains(OvfDocument.Text(Setting(item, "ResourceType"))?.Trim());

    private static XElement? Setting(XElement? item, string name) => item?.Elements().FirstOrDefault(
        element => element.Name.LocalName == name && element.Name.NamespaceName.StartsWith(CimSettings, StringComparison.Ordinal));

    private InvalidOvaException Refused(string reason) => new($"{where}: {reason}");
}
