namespace ImageBackup.Ova.Deflate;

/// <summary>Inflates one block at a time, for one thread.</summary>
internal abstract class BlockInflater : IDisposable
{
    /// <summary>A final, empty deflate block (RFC 1951 §3.2.6).</summary>
    protected static ReadOnlySpan<byte> FinalBlock => [0x03, 0x00];

    /// <summary>Bytes of <c>stored</c> behind the block that <see cref="Inflate"/> overwrites.</summary>
    public const int Tail = 2;

    /// <summary>Inflates deflate blocks that end at a byte and are not final.</summary>
    /// <param name="stored">The blocks, and <see cref="Tail"/> bytes of room behind them: a final block put there ends the data for any inflater.</param>
    /// <param name="raw">Room for exactly the bytes expected.</param>
    /// <exception cref="InvalidDataException">The blocks are no valid deflate data, are final, or hold fewer or more bytes.</exception>
    public abstract void Inflate(Span<byte> stored, Span<byte> raw);

    public abstract void Dispose();
}
