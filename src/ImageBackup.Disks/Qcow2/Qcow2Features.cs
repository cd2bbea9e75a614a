namespace ImageBackup.Disks.Qcow2;

/// <summary>Bits of <c>incompatible_features</c> (QEMU docs/interop/qcow2, "Header").</summary>
[Flags]
internal enum Qcow2Features : ulong
{
    /// <summary>Reference counts may be wrong; the mapping is right.</summary>
    Dirty = 1,
    Corrupt = 2,
    ExternalData = 4,
    CompressionType = 8,
    ExtendedL2 = 16,
    Known = Dirty | Corrupt | ExternalData | CompressionType | ExtendedL2,
}
