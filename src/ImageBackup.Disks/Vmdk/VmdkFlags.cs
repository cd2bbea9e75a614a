namespace ImageBackup.Disks.Vmdk;

/// <summary>Flags of a hosted sparse extent (Virtual Disk Format 5.0, "Hosted Sparse Extent Header").</summary>
[Flags]
internal enum VmdkFlags : uint
{
    None = 0,

    /// <summary>The four bytes for finding changed line ends are set.</summary>
    NewlineTest = 1,
    RedundantTables = 2,

    /// <summary>A grain table entry of 1 stands for a grain of zeros.</summary>
    ZeroedGrains = 4,
    CompressedGrains = 0x1_0000,
    Markers = 0x2_0000,
}
