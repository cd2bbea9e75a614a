using ImageBackup.Ova.Deflate;

namespace ImageBackup.Ova.Blocks;

/// <summary>How much of the machine one volume may use on its way in or out.</summary>
public sealed record DataPathOptions
{
    private const int BlocksAWorker = 4;

    /// <summary>Threads that read, hash, deflate and inflate; one more writes and tells progress.</summary>
    public int Workers { get; init; } = Environment.ProcessorCount;

    /// <summary>Bytes of buffers for blocks in flight, whatever the size of the volume.</summary>
    public long MemoryBytes { get; init; } = 64L << 20;

    /// <summary>Inflates each block again before it is written. On in debug builds: no deflater's output is believed before it was read.</summary>
    public bool CheckBlocks { get; init; } = Debugging;

    /// <summary>The engine; tests choose, everybody else takes the best one there is.</summary>
    internal DeflateEngine Engine { get; init; } = DeflateEngine.Current;

    /// <summary>Blocks in flight: enough to keep every worker busy while one of them is being written, within the memory allowed and never less than two.</summary>
    internal int Slots => (int)Math.Clamp(MemoryBytes / BlockSlot.Bytes, 2, Math.Max(1, Workers) * BlocksAWorker + 2);

    /// <summary>Workers that can all hold a block while another is written.</summary>
    internal int EffectiveWorkers => Math.Clamp(Workers, 1, Math.Max(1, Slots - 1));

    private static bool Debugging =>
#if DEBUG
        true;
#else
        false;
#endif
}
