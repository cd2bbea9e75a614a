using System.Runtime.CompilerServices;

namespace ImageBackup.Disks.Reading;

/// <summary>An image whose guest's disk can be read at any offset.</summary>
internal sealed class SeekableImage(DiskFormat format, DiskFormat? compression, DiskSource guest) : DiskImage
{
    public override DiskFormat Format => format;

    public override DiskFormat? Compression => compression;

    public override long? Length => guest.Length;

    public override DiskSource Guest => guest;

    public override async IAsyncEnumerable<DiskExtent> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var chunk in ReadAhead.RunAsync(guest, _ => { }, cancellationToken))
        {
            yield return new DiskExtent(chunk.Offset, chunk.Length, chunk.Data);
        }
    }

    protected override void Dispose(bool disposing)
    {
        guest.Dispose();
        base.Dispose(disposing);
    }
}
