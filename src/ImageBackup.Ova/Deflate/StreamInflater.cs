namespace ImageBackup.Ova.Deflate;

/// <summary>Inflates one deflate stream of any length, piece by piece, for one thread.</summary>
internal abstract class StreamInflater : IDisposable
{
    /// <summary>True when the final block has been handed out whole.</summary>
    public abstract bool IsFinished { get; }

    /// <summary>Starts another stream.</summary>
    public abstract void Reset();

    /// <summary>Takes some of the input and writes some output; neither taken nor written means that more input is needed.</summary>
    /// <returns>Bytes taken, less than zero where earlier ones are handed back because the stream had ended before them; bytes written.</returns>
    /// <exception cref="InvalidDataException">This is no valid deflate data.</exception>
    public abstract (int Consumed, int Written) Inflate(ReadOnlySpan<byte> input, Span<byte> output);

    public abstract void Dispose();
}
