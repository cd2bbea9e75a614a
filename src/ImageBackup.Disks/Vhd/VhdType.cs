namespace ImageBackup.Disks.Vhd;

/// <summary>Kinds of VHD (Virtual Hard Disk Image Format Specification, "Disk Type").</summary>
internal enum VhdType
{
    Fixed = 2,
    Dynamic = 3,
    Differencing = 4,
}
