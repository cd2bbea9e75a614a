using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using ImageBackup.Disks.Unpacking;
using ImageBackup.Disks.Vhd;

namespace ImageBackup.Disks.Reading;

/// <summary>
/// A compressed raw disk, unpacked while it is read. Only its end tells whether it was a fixed VHD: then the footer is left out.
/// </summary>
internal sealed class StreamedImage(DiskFormat compression, DiskSource source, long maxLength) : DiskImage
{
    private const int PieceSize = 1 << 20;
    private const int Pieces = 4;

    private DiskFormat format = DiskFormat.Raw;

    /// <summary>Raw; VHD once the end was read and is a footer.</summary>
    public override DiskFormat Format => format;

    public override DiskFormat? Compression => compression;

    public override long? Length => null;

    public override DiskSource? Guest => null;

    public override async IAsyncEnumerable<DiskExtent> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var free = new BlockingCollection<byte[]>();
        var filled = Channel.CreateUnbounded<(byte[] Bytes, int Length)>();
        for (var i = 0; i < Pieces; i++)
        {
            // Room behind the piece for a last piece that is shorter than a footer.
            free.Add(new byte[PieceSize + DiskProbe.TailLength], cancellationToken);
        }

        var unpacking = Task.Factory.StartNew(
            () => UnpackAll(free, filled.Writer, stop.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            var offset = 0L;
            await foreach (var (bytes, length) in filled.Reader.ReadAllAsync(cancellationToken))
            {
                var data = bytes.AsMemory(0, length);
                yield return new DiskExtent(offset, length, data.Span.ContainsAnyExcept((byte)0) ? data : default);
                offset += length;
                free.Add(bytes, CancellationToken.None);
            }
        }
        finally
        {
            await stop.CancelAsync();
            await unpacking;
        }
    }

    protected override void Dispose(bool disposing)
    {
        source.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>Unpacks piece by piece. A piece is handed over when the next one shows that the end of the disk is not in it.</summary>
    private void UnpackAll(BlockingCollection<byte[]> free, ChannelWriter<(byte[] Bytes, int Length)> filled, CancellationToken stop)
    {
        try
        {
            using var stream = new UnpackedStream(compression, source);
            var piece = free.Take(stop);
            var length = stream.Fill(piece.AsSpan(0, PieceSize));
            var total = (long)length;
            while (length == PieceSize)
            {
                CheckLength(total - DiskProbe.TailLength);
                var next = free.Take(stop);
                var count = stream.Fill(next.AsSpan(0, PieceSize));
                total += count;
                if (count < DiskProbe.TailLength)
                {
                    next.AsSpan(0, count).CopyTo(piece.AsSpan(length));
                    length += count;
                    break;
                }

                filled.TryWrite((piece, length));
                (piece, length) = (next, count);
            }

            var end = FindEnd(piece.AsSpan(0, length), total);
            CheckLength(end);
            length -= (int)(total - end);
            if (length > 0)
            {
                filled.TryWrite((piece, length));
            }

            filled.TryComplete();
        }
        catch (Exception exception)
        {
            filled.TryComplete(exception);
        }
    }

    private void CheckLength(long total)
    {
        if (total > maxLength)
        {
            throw DiskImageException.TooLarge($"The {DiskFormatNames.NameOf(compression)} file unpacks to more than the {maxLength} bytes that are allowed.");
        }
    }

    /// <summary>Returns where the disk ends: before the footer of a fixed VHD, else with the last byte.</summary>
    private long FindEnd(ReadOnlySpan<byte> last, long total)
    {
        var tail = last[Math.Max(0, last.Length - DiskProbe.TailLength)..];
        switch (DiskProbe.Probe([], tail))
        {
            case DiskFormat.Raw:
                return total;
            case DiskFormat.Vhd:
                var offset = tail.StartsWith(DiskProbe.VhdCookie) ? 0 : 1;
                byte[] footer = [.. tail[offset..], .. new byte[offset]];
                var found = VhdFooter.Parse(footer, total - tail.Length + offset);
                var start = total - last.Length;
                if (found.Type is not VhdType.Fixed || found.DiskSize > found.FooterOffset || found.DiskSize < start)
                {
                    throw DiskImageException.Damaged($"The file in the {DiskFormatNames.NameOf(compression)} file ends like a fixed VHD, but its footer says type {(uint)found.Type} and {found.DiskSize} bytes.");
                }

                format = DiskFormat.Vhd;
                return found.DiskSize;
            case var other:
                throw DiskImageException.Unsupported($"The {DiskFormatNames.NameOf(compression)} file contains {DiskFormatNames.NameOf(other)}, which is not read as a disk.");
        }
    }
}
