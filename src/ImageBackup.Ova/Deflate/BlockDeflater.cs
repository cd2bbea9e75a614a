namespace ImageBackup.Ova.Deflate;

/// <summary>Deflates one block at a time, for one thread.</summary>
internal abstract class BlockDeflater : IDisposable
{
    /// <summary>Writes deflate blocks that end at a byte, refer to nothing before them and are not final.</summary>
    /// <returns>Bytes written, or 0 where they would not fit.</returns>
    public abstract int Deflate(ReadOnlySpan<byte> raw, Span<byte> stored);

    public abstract void Dispose();
}
