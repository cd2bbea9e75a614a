using ImageBackup.Ova.Deflate;
using ImageBackup.Ova.IO;

namespace ImageBackup.Ova.Blocks;

/// <summary>Packs a volume as one gzip member and a block list.</summary>
internal sealed class GzipPackWork : IBlockWork, IDisposable
{
    private readonly VolumeSource volume;
    private readonly HashedFile member;
    private readonly BlockListWriter list;
    private readonly BlockDeflater[] deflaters;
    private readonly BlockInflater[] checkers;
    private readonly OvaProgress progress;
    private uint crc;

    public GzipPackWork(
        VolumeSource volume, HashedFile member, BlockListWriter list, OvaCompression compression, DataPathOptions options, OvaProgress progress)
    {
        this.volume = volume;
        this.member = member;
        this.list = list;
        this.progress = progress;
        deflaters = [.. Enumerable.Range(0, options.EffectiveWorkers).Select(_ => options.Engine.CreateDeflater(compression))];
        checkers = options.CheckBlocks ? [.. deflaters.Select(_ => options.Engine.CreateInflater())] : [];
        member.Write(GzipFormat.Header);
    }

    public ValueTask<bool> TakeAsync(BlockSlot slot, CancellationToken cancellationToken) => volume.TakeAsync(slot, cancellationToken);

    public void Read(BlockSlot slot)
    {
        if (!slot.IsZero)
        {
            volume.Read(slot);
        }
    }

    public void Process(BlockSlot slot, int worker)
    {
        if (slot.IsZero || !BlockTools.Digest(slot))
        {
            return;
        }

        slot.Crc = BlockTools.Crc(slot.Raw);
        BlockTools.Deflate(slot, deflaters[worker]);
        if (checkers.Length > 0)
        {
            BlockTools.Check(slot, checkers[worker]);
        }
    }

    /// <summary>Does nothing: where a block goes is known when those before it are deflated.</summary>
    public void Write(BlockSlot slot)
    {
    }

    public async ValueTask CommitAsync(BlockSlot slot, CancellationToken cancellationToken)
    {
        if (slot.IsZero)
        {
            await CommitZerosAsync(slot, cancellationToken);
            return;
        }

        crc = Crc32Combiner.Combine(crc, slot.Crc, slot.Length);
        member.Write(slot.Stored);
        list.Add(slot.StoredLength, slot.Digest);
        await progress(slot.Progress, cancellationToken);
    }

    /// <summary>Ends the member. The caller ends the block list.</summary>
    public void Finish() => member.Write(GzipFormat.Tail(crc, volume.Length));

    public void Dispose()
    {
        foreach (var tool in deflaters.Cast<IDisposable>().Concat(checkers))
        {
            tool.Dispose();
        }
    }

    private async ValueTask CommitZerosAsync(BlockSlot slot, CancellationToken cancellationToken)
    {
        crc = Crc32Combiner.AppendZeros(crc, slot.Count * VolumeBlocks.Size);
        list.AddZeroBlocks(slot.Count);
        for (var done = 0L; done < slot.Count;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var count = (int)Math.Min(ZeroBlock.RowLength, slot.Count - done);
            member.Write(ZeroBlock.Encodings(count));
            done += count;
            await progress((slot.Index + done) * VolumeBlocks.Size, cancellationToken);
        }
    }
}
