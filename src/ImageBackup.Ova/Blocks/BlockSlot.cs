using System.Security.Cryptography;
using ImageBackup.Ova.Deflate;
using ImageBackup.Ova.IO;

namespace ImageBackup.Ova.Blocks;

/// <summary>Buffers for one block in the pipeline, raw and stored, and what is known about the block. Slots are reused.</summary>
internal sealed class BlockSlot : IDisposable
{
    /// <summary>Bytes of memory of a slot.</summary>
    public const int Bytes = VolumeBlocks.Size + StoredCapacity;

    /// <summary>Room for the longest encoding of a block: stored deflate blocks and an empty last one. Direct reads fill whole units around it.</summary>
    public const int StoredCapacity = VolumeBlocks.Size + 4096 + (2 * DirectFile.Alignment);

    /// <summary>Bytes of the longest encoding that is accepted. Whole units around it fit in <see cref="StoredRoom"/>.</summary>
    public const int MaxStoredLength = VolumeBlocks.Size + 4096 - BlockInflater.Tail;

    private readonly NativeBuffer raw = new(VolumeBlocks.Size);
    private readonly NativeBuffer stored = new(StoredCapacity);
    private TaskCompletionSource finished = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Number of the block, or of the first block of a run.</summary>
    public long Index { get; set; }

    /// <summary>Number of blocks: more than one only for a run of zero blocks.</summary>
    public long Count { get; set; }

    /// <summary>Raw bytes of the block. Only a volume's last block may be short.</summary>
    public int Length { get; set; }

    /// <summary>Offset of the stored bytes in the member.</summary>
    public long StoredOffset { get; set; }

    /// <summary>Where the stored bytes begin in <see cref="StoredRoom"/>.</summary>
    public int StoredStart { get; set; }

    /// <summary>Number of bytes in <see cref="Stored"/>.</summary>
    public int StoredLength { get; set; }

    /// <summary>Whether every byte is zero.</summary>
    public bool IsZero { get; set; }

    /// <summary>CRC-32 of the raw bytes.</summary>
    public uint Crc { get; set; }

    /// <summary>Source bytes of this slot and all earlier ones.</summary>
    public long Progress { get; set; }

    /// <summary>SHA-256 of the raw bytes.</summary>
    public byte[] Digest { get; } = new byte[SHA256.HashSizeInBytes];

    /// <summary>SHA-256 of the raw bytes according to the block list.</summary>
    public byte[] Expected { get; } = new byte[SHA256.HashSizeInBytes];

    public Span<byte> Raw => raw.Span[..Length];

    public Span<byte> RawRoom => raw.Span;

    public Span<byte> Stored => stored.Span.Slice(StoredStart, StoredLength);

    /// <summary>The stored bytes and the spare bytes that an inflater wants behind them.</summary>
    public Span<byte> StoredAndTail => stored.Span.Slice(StoredStart, StoredLength + BlockInflater.Tail);

    public Span<byte> StoredRoom => stored.Span;

    public Memory<byte> RawMemory => raw.Memory;

    /// <summary>Completes when a worker has processed the block.</summary>
    public Task Finished => finished.Task;

    public void Begin() => finished = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Finish() => finished.SetResult();

    public void Dispose()
    {
        raw.Dispose();
        stored.Dispose();
    }
}
