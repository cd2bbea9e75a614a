namespace ImageBackup.Disks.Vhdx;

/// <summary>A region of a VHDX file.</summary>
internal sealed record VhdxRegion(long Offset, long Length);
