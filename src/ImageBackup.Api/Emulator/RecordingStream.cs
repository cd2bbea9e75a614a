namespace ImageBackup.Api.Emulator;

/// <summary>Passes reads and writes through, counts their bytes and keeps the first ones.</summary>
internal sealed class RecordingStream(Stream inner) : Stream
{
    private const int MostKept = 16 * 1024;
    private readonly MemoryStream kept = new();

    public Stream Inner => inner;

    public long Count { get; private set; }

    /// <summary>The first bytes, at most 16 KiB.</summary>
    public ReadOnlySpan<byte> Beginning => kept.GetBuffer().AsSpan(0, (int)kept.Length);

    public override bool CanRead => inner.CanRead;

    public override bool CanWrite => inner.CanWrite;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Keep(buffer, offset, inner.Read(buffer, offset, count));

    public override async Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        => await ReadAsync(buffer.AsMemory(offset, count), cancellationToken);

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var length = await inner.ReadAsync(buffer, cancellationToken);
        Keep(buffer.Span[..length]);
        return length;
    }

    public override void Write(byte[] buffer, int offset, int count)
    {
        inner.Write(buffer, offset, count);
        Keep(buffer.AsSpan(offset, count));
    }

    public override async Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        => await WriteAsync(buffer.AsMemory(offset, count), cancellationToken);

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await inner.WriteAsync(buffer, cancellationToken);
        Keep(buffer.Span);
    }

    public override void Flush() => inner.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private int Keep(byte[] buffer, int offset, int length)
    {
        Keep(buffer.AsSpan(offset, length));
        return length;
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        Count += bytes.Length;
        kept.Write(bytes[..(int)Math.Min(bytes.Length, MostKept - kept.Length)]);
    }
}
