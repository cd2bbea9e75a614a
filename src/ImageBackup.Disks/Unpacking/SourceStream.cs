namespace ImageBackup.Disks.Unpacking;

/// <summary>The bytes of a source as a stream, read in large pieces.</summary>
internal sealed class SourceStream(DiskSource source) : ReadStream
{
    private const int BufferSize = 1 << 18;

    private readonly byte[] buffer = new byte[BufferSize];
    private long read;
    private int start;
    private int end;

    public override int Read(Span<byte> bytes)
    {
        if (start == end)
        {
            end = (int)Math.Min(BufferSize, source.Length - read);
            start = 0;
            source.Read(buffer.AsSpan(0, end), read);
            read += end;
        }

        var count = Math.Min(bytes.Length, end - start);
        buffer.AsSpan(start, count).CopyTo(bytes);
        start += count;
        return count;
    }

    public override int ReadByte()
    {
        if (start < end)
        {
            return buffer[start++];
        }

        Span<byte> one = stackalloc byte[1];
        return Read(one) == 0 ? -1 : one[0];
    }
}
