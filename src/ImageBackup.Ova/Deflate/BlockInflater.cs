namespace ImageBackup.Ova.Deflate;

/// <summary>Inflates single blocks. Used by one thread at a time.</summary>
internal abstract class BlockInflater : IDisposable
{
    /// <summary>An empty final deflate block (RFC 1951 §3.2.6).</summary>
    protected static ReadOnlySpan<byte> FinalBlock => [0x03, 0x00];

    /// <summary>Bytes of <c>stored</c> behind the block that <see cref="Inflate"/> overwrites.</summary>
    public const int Tail = 2;

    /// <summary>Inflates deflate blocks that end at a byte boundary and are not final.</summary>
    /// <param name="stored">The blocks, followed by <see cref="Tail"/> spare bytes. A final block is written there, because inflaters want one.</param>
    /// <param name="raw">Room for exactly the expected bytes.</param>
    /// <exception cref="InvalidDataException">The data is no valid deflate data, contains a final block, or inflates to another number of bytes.</exception>
    public abstract void Inflate(Span<byte> stored, Span<byte> raw);

    public abstract void Dispose();
}
