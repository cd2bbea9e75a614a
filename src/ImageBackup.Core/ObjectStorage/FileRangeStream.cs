using System.Runtime.ExceptionServices;
using Microsoft.Win32.SafeHandles;

namespace ImageBackup.Core.ObjectStorage;

/// <summary>
/// A run of bytes of an open file as a read-only stream, for a request's body: nothing is copied, several can read one file at once.
/// The SDK reads it twice, synchronously to sign it and asynchronously to send it; the bytes sent are told. What the disk or the listener throws is kept in <see cref="OwnFailure"/>, since HTTP clients dress it up as their own.
/// </summary>
internal sealed class FileRangeStream(SafeFileHandle file, FileRange range, BytesMoved moved, IdleGuard guard) : Stream
{
    private long position;
    private long furthest;

    /// <summary>The failure that was ours rather than the network's.</summary>
    public ExceptionDispatchInfo? OwnFailure { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => range.Length;

    public override long Position
    {
        get => position;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            position = value;
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var wanted = Wanted(buffer.Length);
        if (wanted == 0)
        {
            return 0;
        }

        guard.Pause();
        try
        {
            var read = Advance(await RandomAccess.ReadAsync(file, buffer[..wanted], range.Offset + position, cancellationToken));
            await TellAsync(cancellationToken);
            return read;
        }
        catch (Exception failure)
        {
            OwnFailure = ExceptionDispatchInfo.Capture(failure);
            throw;
        }
        finally
        {
            guard.Touch();
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => position + offset,
        _ => range.Length + offset,
    };

    public override int Read(byte[] buffer, int offset, int count)
    {
        var wanted = Wanted(count);
        if (wanted == 0)
        {
            return 0;
        }

        guard.Touch();
        try
        {
            return Advance(RandomAccess.Read(file, buffer.AsSpan(offset, wanted), range.Offset + position));
        }
        catch (Exception failure)
        {
            OwnFailure = ExceptionDispatchInfo.Capture(failure);
            throw;
        }
    }

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <summary>An HTTP client that finds its connection stale sends the body again from the start: bytes count once.</summary>
    private async ValueTask TellAsync(CancellationToken cancellationToken)
    {
        if (position > furthest)
        {
            var more = (int)(position - furthest);
            furthest = position;
            await moved(more, cancellationToken);
        }
    }

    private int Wanted(int count) => (int)Math.Min(count, Math.Max(0, range.Length - position));

    private int Advance(int read)
    {
        position += read;
        return read > 0
            ? read
            : throw new EndOfStreamException($"The file ends at byte {range.Offset + position}, within a range that ends at {range.End}.");
    }
}
