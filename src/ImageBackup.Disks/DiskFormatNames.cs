namespace ImageBackup.Disks;

/// <summary>Names of formats: for people, in Glance's <c>disk_format</c> and in OVF's <c>Disk/@format</c>.</summary>
public static class DiskFormatNames
{
    /// <summary>Parts of format URIs that OVF writers use; the first that occurs decides.</summary>
    private static readonly (string Part, DiskFormat Format)[] OvfParts =
    [
        ("qcow", DiskFormat.Qcow2),
        ("vhdx", DiskFormat.Vhdx),
        ("vhdspec", DiskFormat.Vhd),
        ("bb676673", DiskFormat.Vhd),
        ("vmdk", DiskFormat.Vmdk),
        ("virtualbox.org", DiskFormat.Vdi),
        ("ecma-119", DiskFormat.Raw),
        ("raw", DiskFormat.Raw),
    ];

    /// <summary>Returns the format's name as messages write it.</summary>
    public static string NameOf(DiskFormat format) => format switch
    {
        DiskFormat.Raw => "raw",
        DiskFormat.Qcow2 => "qcow2",
        DiskFormat.Parallels => "Parallels",
        DiskFormat.Gzip => "gzip",
        DiskFormat.Xz => "xz",
        DiskFormat.Zstd => "zstd",
        DiskFormat.Bzip2 => "bzip2",
        DiskFormat.Zip => "zip",
        DiskFormat.SevenZip => "7z",
        DiskFormat.Tar => "tar",
        _ => format.ToString().ToUpperInvariant(),
    };

    /// <summary>
    /// Returns the format that a Glance <c>disk_format</c> word declares, or null for an unknown word. Glance stores kernels, RAM disks and ISO files as they are,
    /// so these words declare raw bytes.
    /// </summary>
    public static DiskFormat? FromGlance(string word) => word.ToLowerInvariant() switch
    {
        "raw" or "iso" or "ami" or "aki" or "ari" => DiskFormat.Raw,
        "qcow2" => DiskFormat.Qcow2,
        "vmdk" => DiskFormat.Vmdk,
        "vhd" => DiskFormat.Vhd,
        "vhdx" => DiskFormat.Vhdx,
        "vdi" => DiskFormat.Vdi,
        "ploop" => DiskFormat.Parallels,
        _ => null,
    };

    /// <summary>
    /// Returns the format that the URI in OVF's <c>Disk/@format</c> declares (DSP0243 §9.1), or null for an unknown one. A declaration is no proof: oVirt writes
    /// VMDK's URI for raw disks.
    /// </summary>
    public static DiskFormat? FromOvf(string uri)
    {
        foreach (var (part, format) in OvfParts)
        {
            if (uri.Contains(part, StringComparison.OrdinalIgnoreCase))
            {
                return format;
            }
        }

        return null;
    }
}
