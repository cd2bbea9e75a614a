using System.Security.Cryptography;
using ImageBackup.Ova.Deflate;
using ImageBackup.Ova.IO;

namespace ImageBackup.Ova.Blocks;

/// <summary>Restores a gzip member that has a block list: blocks are inflated, checked and written in parallel.</summary>
internal sealed class GzipBlocksWork : IBlockWork, IDisposable
{
    private readonly string name;
    private readonly StoredFile stored;
    private readonly BlockListReader list;
    private readonly TargetVolume? target;
    private readonly OvaProgress progress;
    private readonly BlockInflater[] inflaters;
    private readonly IncrementalHash hash;
    private readonly VolumeDigest digest = new();
    private long offset;
    private long runIndex;
    private long runLeft;
    private uint crc;

    public GzipBlocksWork(
        StoredFile stored, RestoreExpectation expected, BlockListReader list, TargetVolume? target, DataPathOptions options, OvaProgress progress)
    {
        name = expected.Name;
        hash = OvaDigest.HashFor(expected.Stored);
        this.stored = stored;
        this.list = list;
        this.target = target;
        this.progress = progress;
        inflaters = [.. Enumerable.Range(0, options.EffectiveWorkers).Select(_ => options.Engine.CreateInflater())];
        var header = ReadFrame(0, GzipFormat.HeaderLength);
        if (!header.AsSpan().SequenceEqual(GzipFormat.Header))
        {
            throw new InvalidOvaException($"{name} begins with {Convert.ToHexStringLower(header)}. Its block list expects the gzip header {Convert.ToHexStringLower(GzipFormat.Header)}");
        }

        offset = GzipFormat.HeaderLength;
    }

    public ValueTask<bool> TakeAsync(BlockSlot slot, CancellationToken cancellationToken)
    {
        if (runLeft == 0)
        {
            if (!list.Read())
            {
                return ValueTask.FromResult(false);
            }

            runIndex = list.Index;
            runLeft = list.Count;
        }

        // A run of zeros is split into pieces whose stored bytes fit in a slot.
        slot.Count = Math.Min(runLeft, BlockSlot.MaxStoredLength / list.StoredLength);
        slot.Index = runIndex;
        slot.IsZero = list.IsZero;
        slot.Length = VolumeBlocks.LengthOf(slot.Index, list.Header.VolumeSize);
        slot.StoredOffset = offset;
        slot.StoredLength = (int)slot.Count * list.StoredLength;
        list.Digest.CopyTo(slot.Expected, 0);
        runIndex += slot.Count;
        runLeft -= slot.Count;
        offset += slot.StoredLength;
        slot.Progress = offset;
        return stored.Length - GzipFormat.TailLength >= offset
            ? ValueTask.FromResult(true)
            : throw new InvalidOvaException($"{name} has {stored.Length} bytes. By its block list, block {slot.Index} ends at byte {offset}, and {GzipFormat.TailLength} more bytes follow");
    }

    public void Read(BlockSlot slot) => slot.StoredStart = stored.Read(slot.StoredRoom, slot.StoredOffset, slot.StoredLength);

    public void Process(BlockSlot slot, int worker)
    {
        try
        {
            if (slot.IsZero)
            {
                CheckZeros(slot, inflaters[worker]);
                return;
            }

            inflaters[worker].Inflate(slot.StoredAndTail, slot.Raw);
        }
        catch (InvalidDataException exception)
        {
            throw BlockErrors.CannotInflate(name, slot.Index, slot.Length, exception);
        }

        BlockTools.Digest(slot);
        if (!slot.Digest.AsSpan().SequenceEqual(slot.Expected))
        {
            throw BlockErrors.DigestMismatch(name, slot.Index, slot.Length, slot.Expected, slot.Digest);
        }

        slot.Crc = BlockTools.Crc(slot.Raw);
    }

    public void Write(BlockSlot slot) => target?.Write(slot);

    public ValueTask CommitAsync(BlockSlot slot, CancellationToken cancellationToken)
    {
        hash.AppendData(slot.Stored);
        if (slot.IsZero)
        {
            digest.AddZeroBlocks(slot.Count);
            crc = Crc32Combiner.AppendZeros(crc, slot.Count * VolumeBlocks.Size);
        }
        else
        {
            digest.Add(slot.Digest);
            crc = Crc32Combiner.Combine(crc, slot.Crc, slot.Length);
        }

        return progress(slot.Progress, cancellationToken);
    }

    /// <summary>Checks the gzip trailer and the list's volume digest. Returns the volume digest, lower-case hex, and the digest of the member.</summary>
    public (string VolumeDigest, OvaDigest Stored) Finish()
    {
        if (stored.Length != offset + GzipFormat.TailLength)
        {
            throw new InvalidOvaException($"{name} has {stored.Length} bytes. By its block list, it has {offset + GzipFormat.TailLength}");
        }

        var tail = ReadFrame(offset, GzipFormat.TailLength);
        var expected = GzipFormat.Tail(crc, list.Header.VolumeSize);
        if (!tail.AsSpan().SequenceEqual(expected))
        {
            throw new InvalidOvaException($"{name} ends with {Convert.ToHexStringLower(tail)}. Expected (final block, CRC-32, size): {Convert.ToHexStringLower(expected)}");
        }

        var found = Convert.ToHexStringLower(digest.Finish());
        BlockErrors.Compare(list.Name, "digest of its blocks", Convert.ToHexStringLower(list.VolumeDigest), found);
        return (found, OvaDigest.Finish(hash));
    }

    public void Dispose()
    {
        foreach (var inflater in inflaters)
        {
            inflater.Dispose();
        }

        hash.Dispose();
        digest.Dispose();
    }

    /// <summary>Compares the stored bytes of zero blocks with our encoding of zeros. Another encoding is inflated.</summary>
    private static void CheckZeros(BlockSlot slot, BlockInflater inflater)
    {
        var each = slot.StoredLength / (int)slot.Count;
        for (var done = 0; done < slot.Count;)
        {
            var count = (int)Math.Min(ZeroBlock.RowLength, slot.Count - done);
            if (each != ZeroBlock.StoredLength || !slot.Stored.Slice(done * each, count * each).SequenceEqual(ZeroBlock.Encodings(count)))
            {
                InflateZeros(slot, inflater, done, count, each);
            }

            done += count;
        }
    }

    private static void InflateZeros(BlockSlot slot, BlockInflater inflater, int first, int count, int each)
    {
        var alone = new byte[each + BlockInflater.Tail];
        for (var i = first; i < first + count; i++)
        {
            slot.Stored.Slice(i * each, each).CopyTo(alone);
            inflater.Inflate(alone, slot.RawRoom);
            if (!Zeros.IsZero(slot.RawRoom))
            {
                throw new InvalidDataException($"block {slot.Index + i} is not zero, but its block list says so");
            }
        }
    }

    private byte[] ReadFrame(long at, int length)
    {
        var bytes = new byte[length];
        if (stored.Length < at + length)
        {
            throw new InvalidOvaException($"{name} is cut off: {stored.Length} bytes are too few for gzip data");
        }

        stored.Read(bytes, at);
        hash.AppendData(bytes);
        return bytes;
    }
}
