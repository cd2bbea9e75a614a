using System.Security.Cryptography;
using ImageBackup.Ova.Deflate;
using ImageBackup.Ova.IO;

namespace ImageBackup.Ova.Blocks;

/// <summary>Room for one block on its way through the pipeline, raw and stored, and what has been found out about it; used again for the next one.</summary>
internal sealed class BlockSlot : IDisposable
{
    /// <summary>Bytes of memory that one slot costs.</summary>
    public const int Bytes = VolumeBlocks.Size + StoredCapacity;

    /// <summary>The largest encoding of a block: stored deflate blocks, and a little for a last empty one.</summary>
    public const int StoredCapacity = VolumeBlocks.Size + 4096;

    /// <summary>The longest encoding that a slot takes.</summary>
    public const int MaxStoredLength = StoredCapacity - BlockInflater.Tail;

    private readonly NativeBuffer raw = new(VolumeBlocks.Size);
    private readonly NativeBuffer stored = new(StoredCapacity);
    private TaskCompletionSource finished = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Number of the (first) block.</summary>
    public long Index { get; set; }

    /// <summary>Blocks: more than one only in a run of zero blocks.</summary>
    public long Count { get; set; }

    /// <summary>Raw bytes of the block: less than a whole one only at the volume's end.</summary>
    public int Length { get; set; }

    /// <summary>Where the stored bytes lie, counted from the member's first byte.</summary>
    public long StoredOffset { get; set; }

    /// <summary>Stored bytes in <see cref="Stored"/>.</summary>
    public int StoredLength { get; set; }

    /// <summary>Every byte is zero.</summary>
    public bool IsZero { get; set; }

    /// <summary>CRC-32 of the raw bytes.</summary>
    public uint Crc { get; set; }

    /// <summary>Bytes of the source behind this and all earlier slots.</summary>
    public long Progress { get; set; }

    /// <summary>SHA-256 of the raw bytes.</summary>
    public byte[] Digest { get; } = new byte[SHA256.HashSizeInBytes];

    /// <summary>SHA-256 that the block list promises.</summary>
    public byte[] Expected { get; } = new byte[SHA256.HashSizeInBytes];

    public Span<byte> Raw => raw.Span[..Length];

    public Span<byte> RawRoom => raw.Span;

    public Span<byte> Stored => stored.Span[..StoredLength];

    public Span<byte> StoredRoom => stored.Span;

    public Memory<byte> RawMemory => raw.Memory;

    /// <summary>Completes when a worker is done with the block.</summary>
    public Task Finished => finished.Task;

    public void Begin() => finished = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Finish() => finished.SetResult();

    public void Dispose()
    {
        raw.Dispose();
        stored.Dispose();
    }
}
