namespace ImageBackup.Ova.Deflate;

/// <summary>Inflates a deflate stream of any length, piece by piece. Used by one thread at a time.</summary>
internal abstract class StreamInflater : IDisposable
{
    /// <summary>True when the final block has been returned completely.</summary>
    public abstract bool IsFinished { get; }

    /// <summary>Starts another stream.</summary>
    public abstract void Reset();

    /// <summary>Consumes input and writes output. If it does neither, it needs more input.</summary>
    /// <returns>Bytes consumed and bytes written. Consumed is negative if the stream ended before bytes that were consumed earlier.</returns>
    /// <exception cref="InvalidDataException">The data is no valid deflate data.</exception>
    public abstract (int Consumed, int Written) Inflate(ReadOnlySpan<byte> input, Span<byte> output);

    public abstract void Dispose();
}
