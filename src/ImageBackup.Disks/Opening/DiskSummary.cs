namespace ImageBackup.Disks.Opening;

/// <summary>What the headers of an image file tell.</summary>
/// <param name="Format">Format of the image, inside any compression.</param>
/// <param name="Compression">Compression around the image; null for none.</param>
/// <param name="Length">Bytes of the guest's disk; null when only unpacking tells.</param>
public sealed record DiskSummary(DiskFormat Format, DiskFormat? Compression, long? Length)
{
    /// <summary>Whether the bytes of the file are the disk itself.</summary>
    public bool IsPlain => Format is DiskFormat.Raw && Compression is null;

    /// <summary>Returns the formats as messages write them, for example "qcow2 in gzip".</summary>
    public override string ToString() => DiskFormatNames.NameOf(Format) + (Compression is { } around ? $" in {DiskFormatNames.NameOf(around)}" : "");
}
