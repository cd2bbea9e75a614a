namespace ImageBackup.Ova.Blocks;

/// <summary>Zeros to hash where a plain SHA-256 has to see those of a hole.</summary>
internal static class ZeroBytes
{
    private static readonly byte[] Block = new byte[VolumeBlocks.Size];

    public static ReadOnlySpan<byte> Whole => Block;
}
