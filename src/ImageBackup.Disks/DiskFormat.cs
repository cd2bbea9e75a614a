namespace ImageBackup.Disks;

/// <summary>The format of a file that holds a disk, or of a file around one.</summary>
public enum DiskFormat
{
    /// <summary>The disk's own bytes, or bytes that no format below claims.</summary>
    Raw,

    /// <summary>QEMU's qcow, version 1, 2 or 3.</summary>
    Qcow2,

    /// <summary>VMware's VMDK: a sparse extent (hosted, stream-optimized or ESX) or a text descriptor.</summary>
    Vmdk,

    /// <summary>Microsoft's VHD: fixed, dynamic or differencing.</summary>
    Vhd,

    /// <summary>Microsoft's VHDX.</summary>
    Vhdx,

    /// <summary>VirtualBox's VDI.</summary>
    Vdi,

    /// <summary>QEMU's QED.</summary>
    Qed,

    /// <summary>Parallels' expanding disk.</summary>
    Parallels,

    /// <summary>Apple's disk image (UDIF).</summary>
    Dmg,

    /// <summary>gzip, RFC 1952.</summary>
    Gzip,

    /// <summary>xz.</summary>
    Xz,

    /// <summary>Zstandard, RFC 8878.</summary>
    Zstd,

    /// <summary>bzip2.</summary>
    Bzip2,

    /// <summary>An LZ4 frame.</summary>
    Lz4,

    /// <summary>A zip archive.</summary>
    Zip,

    /// <summary>A 7-Zip archive.</summary>
    SevenZip,

    /// <summary>A tar archive, such as an OVA.</summary>
    Tar,
}
