using ImageBackup.Ova.Deflate;

namespace ImageBackup.Ova.Blocks;

/// <summary>Threads and memory for packing or restoring one volume.</summary>
public sealed record DataPathOptions
{
    private const int SlotsPerWorker = 4;

    /// <summary>Number of threads that read, hash, deflate and inflate. One more thread writes and reports progress.</summary>
    public int Workers { get; init; } = Environment.ProcessorCount;

    /// <summary>Bytes for buffers. It does not depend on the size of the volume.</summary>
    public long MemoryBytes { get; init; } = 64L << 20;

    /// <summary>An existing directory for unpacked disk images. Without one, compressed images of most formats are refused.</summary>
    public string? ScratchDirectory { get; init; }

    /// <summary>True to inflate and compare each block before it is written. On in debug builds.</summary>
    public bool CheckBlocks { get; init; } = Debugging;

    /// <summary>The deflate engine. Tests set it.</summary>
    internal DeflateEngine Engine { get; init; } = DeflateEngine.Current;

    /// <summary>Number of slots: enough to keep every worker busy, within the memory allowed, at least two.</summary>
    internal int Slots => (int)Math.Clamp(MemoryBytes / BlockSlot.Bytes, 2, Math.Max(1, Workers) * SlotsPerWorker + 2);

    /// <summary>Number of workers that can each hold a slot while one more slot is written.</summary>
    internal int EffectiveWorkers => Math.Clamp(Workers, 1, Math.Max(1, Slots - 1));

    private static bool Debugging =>
#if DEBUG
        true;
#else
        false;
#endif
}
