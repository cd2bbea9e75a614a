using System.Text;
using System.Text.RegularExpressions;

namespace ImageBackup.Disks.Vmdk;

/// <summary>The text that describes a VMDK disk (Virtual Disk Format 5.0, "The Descriptor File"). Everything that names another file is refused.</summary>
internal sealed partial class VmdkDescriptor
{
    private const int MaxLength = 1 << 20;
    private const string NoParent = "ffffffff";

    private readonly Dictionary<string, string> values = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<Match> extents = [];

    private VmdkDescriptor(string text)
    {
        foreach (var line in text.TrimStart('\ufeff').Split('\n', StringSplitOptions.TrimEntries))
        {
            if (ExtentLine().Match(line) is { Success: true } extent)
            {
                extents.Add(extent);
            }
            else if (!line.StartsWith('#') && line.Split('=', 2, StringSplitOptions.TrimEntries) is [var key, var value])
            {
                values[key] = value.Trim('"');
            }
        }
    }

    /// <summary>Checks the descriptor inside a sparse extent.</summary>
    /// <exception cref="DiskImageException">The disk consists of more than this extent, or the descriptor is damaged.</exception>
    public static void Check(DiskSource source, VmdkHeader header)
    {
        var (sector, sectors) = (header.DescriptorSector, header.DescriptorSectors);
        if (sectors > MaxLength / VmdkHeader.SectorSize || sector > (ulong)source.Length / VmdkHeader.SectorSize
            || (long)(sector + sectors) * VmdkHeader.SectorSize > source.Length)
        {
            throw DiskImageException.Damaged($"The VMDK descriptor at sector {sector} with {sectors} sectors leaves the file of {source.Length} bytes.");
        }

        var bytes = new byte[sector == 0 ? 0 : (int)sectors * VmdkHeader.SectorSize];
        source.Read(bytes, (long)sector * VmdkHeader.SectorSize);
        var text = Encoding.UTF8.GetString(bytes).TrimEnd('\0');
        if (text.Length == 0)
        {
            throw DiskImageException.Unsupported("The VMDK has no descriptor: it is one extent of a disk that consists of several files. Combine them with qemu-img convert.");
        }

        new VmdkDescriptor(text).CheckEmbedded(header);
    }

    /// <summary>Returns the refusal of a text descriptor, which names the file that has the data.</summary>
    public static DiskImageException Refuse(DiskSource source)
    {
        var bytes = new byte[(int)Math.Min(MaxLength, source.Length)];
        source.Read(bytes, 0);
        var descriptor = new VmdkDescriptor(Encoding.UTF8.GetString(bytes));
        var name = descriptor.extents.Count > 0 ? $" {SafeText.Quote(descriptor.extents[0].Groups["file"].Value)}" : "";
        return DiskImageException.Unsupported($"The file is a VMDK descriptor; the disk's data is in another file{name}. Provide a single file: qemu-img convert makes one.");
    }

    private void CheckEmbedded(VmdkHeader header)
    {
        var parent = values.GetValueOrDefault("parentCID", NoParent);
        if (!parent.Equals(NoParent, StringComparison.OrdinalIgnoreCase))
        {
            var name = values.TryGetValue("parentFileNameHint", out var hint) ? SafeText.Quote(hint) : SafeText.Quote(parent);
            throw DiskImageException.Unsupported($"The VMDK needs its parent {name}. Disks with a parent are not supported: flatten it with qemu-img convert.");
        }

        var type = values.GetValueOrDefault("createType", "");
        if (type is not ("monolithicSparse" or "streamOptimized"))
        {
            throw DiskImageException.Unsupported($"VMDK createType {SafeText.Quote(type)} is not supported. monolithicSparse and streamOptimized are.");
        }

        if (extents is not [var extent] || extent.Groups["type"].Value != "SPARSE")
        {
            var names = string.Join(", ", extents.Take(3).Select(match => SafeText.Quote(match.Groups["file"].Value)));
            throw DiskImageException.Unsupported($"The VMDK consists of {extents.Count} extents ({names}). Disks of one sparse extent are supported.");
        }

        // Some writers round the capacity of the header up to a whole grain.
        if (!long.TryParse(extent.Groups["sectors"].Value, out var sectors) || sectors > header.CapacitySectors || header.CapacitySectors - sectors >= header.GrainSectors)
        {
            throw DiskImageException.Damaged($"The VMDK descriptor says {extent.Groups["sectors"].Value} sectors, its header {header.CapacitySectors}.");
        }
    }

    [GeneratedRegex(@"^(RW|RDONLY|NOACCESS)\s+(?<sectors>\d+)\s+(?<type>\w+)(\s+""(?<file>[^""]*)"")?", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex ExtentLine();
}
