namespace ImageBackup.Ova.Deflate;

/// <summary>Deflates single blocks. Used by one thread at a time.</summary>
internal abstract class BlockDeflater : IDisposable
{
    /// <summary>Writes deflate blocks that end at a byte boundary, refer to nothing before them and are not final.</summary>
    /// <returns>Bytes written, or 0 if they do not fit.</returns>
    public abstract int Deflate(ReadOnlySpan<byte> raw, Span<byte> stored);

    public abstract void Dispose();
}
