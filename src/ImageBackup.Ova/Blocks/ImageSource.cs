using ImageBackup.Disks;

namespace ImageBackup.Ova.Blocks;

/// <summary>The blocks of the disk that the guest of an image sees. The image reads ahead on threads of its own.</summary>
/// <param name="image">The image.</param>
/// <param name="storedLength">Bytes of the image as stored, for the progress.</param>
/// <param name="capacity">Bytes that the disk may have.</param>
internal sealed class ImageSource(DiskImage image, long storedLength, long capacity) : IBlockSource, IAsyncDisposable
{
    private IAsyncEnumerator<DiskExtent>? extents;
    private DiskExtent extent;
    private long used;

    /// <summary>Bytes of the blocks that were taken.</summary>
    public long Length { get; private set; }

    public async ValueTask<bool> TakeAsync(BlockSlot slot, CancellationToken cancellationToken)
    {
        extents ??= image.ReadAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
        if (!await HasBytesAsync())
        {
            return false;
        }

        slot.Index = Length / VolumeBlocks.Size;
        slot.IsZero = extent.IsHole && extent.Length - used >= VolumeBlocks.Size;
        slot.Count = slot.IsZero ? (extent.Length - used) / VolumeBlocks.Size : 1;
        slot.Length = VolumeBlocks.Size;
        if (slot.IsZero)
        {
            used += slot.Count * VolumeBlocks.Size;
        }
        else
        {
            slot.Length = await FillAsync(slot.RawMemory);
        }

        Length += slot.IsZero ? slot.Count * VolumeBlocks.Size : slot.Length;
        slot.Progress = (long)((Int128)storedLength * Length / Math.Max(Length, capacity));
        return true;
    }

    /// <summary>Does nothing: an image is read in order, when blocks are taken.</summary>
    public void Read(BlockSlot slot)
    {
    }

    public ValueTask DisposeAsync() => extents?.DisposeAsync() ?? ValueTask.CompletedTask;

    private async ValueTask<int> FillAsync(Memory<byte> room)
    {
        var filled = 0;
        while (filled < VolumeBlocks.Size && await HasBytesAsync())
        {
            var count = (int)Math.Min(VolumeBlocks.Size - filled, extent.Length - used);
            if (extent.IsHole)
            {
                room.Span.Slice(filled, count).Clear();
            }
            else
            {
                extent.Data.Slice((int)used, count).CopyTo(room[filled..]);
            }

            used += count;
            filled += count;
        }

        return filled;
    }

    private async ValueTask<bool> HasBytesAsync()
    {
        while (used == extent.Length)
        {
            if (!await extents!.MoveNextAsync())
            {
                return false;
            }

            extent = extents.Current;
            used = 0;
        }

        return true;
    }
}
