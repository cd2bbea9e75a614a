using ImageBackup.Ova.Deflate;

namespace ImageBackup.Ova.Blocks;

/// <summary>Threads and memory for packing or restoring one volume.</summary>
public sealed record DataPathOptions
{
    private const int SlotsPerWorker = 4;

    /// <summary>Waiting for the disk takes threads, but no core.</summary>
    private const int LanesPerWorker = 3;

    /// <summary>Number of threads that hash, deflate and inflate at the same time. Further threads read and write meanwhile.</summary>
    public int Workers { get; init; } = Environment.ProcessorCount;

    /// <summary>Bytes for buffers. It does not depend on the size of the volume.</summary>
    public long MemoryBytes { get; init; } = 64L << 20;

    /// <summary>An existing directory for unpacked disk images. Without one, compressed images of most formats are refused.</summary>
    public string? ScratchDirectory { get; init; }

    /// <summary>True to inflate and compare each block before it is written. On in debug builds.</summary>
    public bool CheckBlocks { get; init; } = Debugging;

    /// <summary>
    /// Bytes from which on a volume or a member is read and written past the page cache. Smaller ones use the page cache. Tests set it.
    /// </summary>
    internal long DirectFrom { get; init; } = 32L << 20;

    /// <summary>The deflate engine. Tests set it.</summary>
    internal DeflateEngine Engine { get; init; } = DeflateEngine.Current;

    /// <summary>Number of slots: enough to keep every worker busy, within the memory allowed, at least two.</summary>
    internal int Slots => (int)Math.Clamp(MemoryBytes / BlockSlot.Bytes, 2, Math.Max(1, Workers) * SlotsPerWorker + 2);

    /// <summary>Number of workers that can each hold a slot while one more slot is written.</summary>
    internal int EffectiveWorkers => Math.Clamp(Workers, 1, Math.Max(1, Slots - 1));

    /// <summary>Number of blocks that are read, processed or written at the same time.</summary>
    internal int Lanes => Math.Clamp(LanesPerWorker * EffectiveWorkers, 1, Math.Max(1, Slots - 1));

    private static bool Debugging =>
#if DEBUG
        true;
#else
        false;
#endif
}
