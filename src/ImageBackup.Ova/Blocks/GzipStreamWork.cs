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
    private readonly TargetVolume? target;
    private readonly OvaProgress progress;
    private readonly VolumeDigest digest = new();

    public GzipStreamWork(StoredFile stored, RestoreExpectation expected, TargetVolume? target, DataPathOptions options, OvaProgress progress)
    {
        this.expected = expected;
        this.target = target;
        this.progress = progress;
        this.stored = new StoredPrefetch(stored, expected.Stored);
        inflater = options.Engine.CreateStreamInflater();
        decoder = new GzipDecoder(this.stored, inflater, expected.Name);
    }

    /// <summary>Number of raw bytes inflated.</summary>
    public long VolumeSize { get; private set; }

    public Task PumpAsync(CancellationToken cancellationToken) => stored.PumpAsync(cancellationToken);

    public async ValueTask<bool> TakeAsync(BlockSlot slot, CancellationToken cancellationToken)
    {
        var room = (int)Math.Min(VolumeBlocks.Size, expected.Capacity - VolumeSize);
        slot.Index = VolumeSize / VolumeBlocks.Size;
        slot.Count = 1;
        slot.Length = await decoder.ReadAsync(slot.RawMemory[..room], cancellationToken);
        VolumeSize += slot.Length;
        slot.Progress = stored.Consumed;

        // At the capacity the data must end. Only another read tells whether it does.
        if (VolumeSize == expected.Capacity && await decoder.ReadAsync(new byte[1], cancellationToken) > 0)
        {
            throw BlockErrors.TooLong(expected.Name, VolumeSize + 1, expected.Capacity);
        }

        return slot.Length > 0;
    }

    public void Process(BlockSlot slot, int worker)
    {
        BlockTools.Digest(slot);
        target?.Write(slot);
    }

    public ValueTask CommitAsync(BlockSlot slot, CancellationToken cancellationToken)
    {
        digest.Add(slot.Digest);
        return progress(slot.Progress, cancellationToken);
    }

    public (string VolumeDigest, OvaDigest Stored) Finish() => (Convert.ToHexStringLower(digest.Finish()), stored.FinishDigest());

    public void Dispose()
    {
        inflater.Dispose();
        stored.Dispose();
        digest.Dispose();
    }
}
