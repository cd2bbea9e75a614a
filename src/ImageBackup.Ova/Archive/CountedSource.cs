using ImageBackup.Disks;

namespace ImageBackup.Ova.Archive;

/// <summary>A source that is read in order and tells how far.</summary>
internal sealed class CountedSource(DiskSource source) : DiskSource
{
    private long done;

    public override long Length => source.Length;

    /// <summary>Bytes that were read.</summary>
    public long Done => Interlocked.Read(ref done);

    public override void Read(Span<byte> buffer, long offset)
    {
        source.Read(buffer, offset);
        Interlocked.Exchange(ref done, offset + buffer.Length);
    }

    protected override void Dispose(bool disposing)
    {
        source.Dispose();
        base.Dispose(disposing);
    }
}
