namespace ImageBackup.Disks.Vhd;

/// <summary>Opens the guest's disk in a VHD.</summary>
internal static class VhdDisks
{
    /// <exception cref="DiskImageException">The image is damaged or uses something that is not read.</exception>
    public static DiskSource Open(DiskSource source)
    {
        var footer = VhdFooter.Read(source);
        return footer.Type switch
        {
            VhdType.Fixed => new VhdFixedDisk(source, footer),
            VhdType.Dynamic => new VhdDynamicDisk(source, footer),
            VhdType.Differencing => throw VhdDynamicHeader.RefuseParent(source, footer),
            _ => throw DiskImageException.Unsupported($"VHD disk type {(uint)footer.Type} is not supported. Types 2 (fixed) and 3 (dynamic) are."),
        };
    }
}
