using ImageBackup.Disks;
using ImageBackup.Ova.Deflate;
using ImageBackup.Ova.IO;

namespace ImageBackup.Ova.Blocks;

/// <summary>Restores a gzip member that has no block list: one worker inflates the next block, while others hash and write earlier blocks.</summary>
internal sealed class GzipStreamWork : IBlockWork, IDisposable
{
    private readonly StoredPrefetch stored;
    private readonly StreamInflater inflater;
    private readonly GzipDecoder decoder;
    private readonly RestoreExpectation expected;
    private readonly bool reportsImages;
    private readonly TargetVolume? target;
    private readonly OvaProgress progress;
    private readonly VolumeDigest digest = new();
    private readonly byte[] tail = new byte[DiskProbe.TailLength];

    /// <param name="reportsImages">True if the caller reads the data in another way when <see cref="EndsLikeAnImage"/> is set.</param>
    public GzipStreamWork(StoredFile stored, RestoreExpectation expected, bool reportsImages, TargetVolume? target, DataPathOptions options, OvaProgress progress)
    {
        this.reportsImages = reportsImages;
        this.expected = expected;
        this.target = target;
        this.progress = progress;
        this.stored = new StoredPrefetch(stored, expected.Stored);
        inflater = options.Engine.CreateStreamInflater();
        decoder = new GzipDecoder(this.stored, inflater, expected.Name);
    }

    /// <summary>Number of raw bytes inflated.</summary>
    public long VolumeSize { get; private set; }

    /// <summary>Whether the unpacked bytes end like a disk image, such as a fixed VHD. Meaningful at the end of the data.</summary>
    public bool EndsLikeAnImage => DiskProbe.Probe([], tail) is not DiskFormat.Raw;

    public Task PumpAsync(CancellationToken cancellationToken) => stored.PumpAsync(cancellationToken);

    public async ValueTask<bool> TakeAsync(BlockSlot slot, CancellationToken cancellationToken)
    {
        var room = (int)Math.Min(VolumeBlocks.Size, expected.Capacity - VolumeSize);
        slot.Index = VolumeSize / VolumeBlocks.Size;
        slot.Count = 1;
        slot.Length = await decoder.ReadAsync(slot.RawMemory[..room], cancellationToken);
        VolumeSize += slot.Length;
        KeepTail(slot.Raw);
        slot.Progress = stored.Consumed;

        // At the capacity the data must end, but for the footer of an image. Only another read tells whether it does.
        if (VolumeSize == expected.Capacity)
        {
            await ReadBehindEndAsync(cancellationToken);
        }

        return slot.Length > 0;
    }

    /// <summary>Does nothing: the stream is inflated in order, when blocks are taken.</summary>
    public void Read(BlockSlot slot)
    {
    }

    public void Process(BlockSlot slot, int worker) => BlockTools.Digest(slot);

    public void Write(BlockSlot slot) => target?.Write(slot);

    public ValueTask CommitAsync(BlockSlot slot, CancellationToken cancellationToken)
    {
        digest.Add(slot.Digest);
        return progress(slot.Progress, cancellationToken);
    }

    public (string VolumeDigest, OvaDigest Stored) Finish() => (Convert.ToHexStringLower(digest.Finish()), stored.FinishDigest());

    private async ValueTask ReadBehindEndAsync(CancellationToken cancellationToken)
    {
        var rest = new byte[tail.Length + 1];
        var length = await decoder.ReadAsync(rest, cancellationToken);
        KeepTail(rest.AsSpan(0, length));
        if (length > 0 && !(reportsImages && length <= tail.Length && EndsLikeAnImage))
        {
            throw BlockErrors.TooLong(expected.Name, VolumeSize + 1, expected.Capacity);
        }
    }

    private void KeepTail(ReadOnlySpan<byte> bytes)
    {
        var count = Math.Min(bytes.Length, tail.Length);
        tail.AsSpan(count).CopyTo(tail);
        bytes[^count..].CopyTo(tail.AsSpan(tail.Length - count));
    }

    public void Dispose()
    {
        inflater.Dispose();
        stored.Dispose();
        digest.Dispose();
    }
}
