using ImageBackup.Core.ObjectStorage.Calls;
using ImageBackup.Ova;
using Microsoft.Win32.SafeHandles;

namespace ImageBackup.Core.ObjectStorage.S3;

/// <summary>
/// A range of an open file as a read-only stream, for the body of a request. Several streams can read one file at the same time.
/// The SDK reads the stream twice: synchronously to sign it and asynchronously to send it. Only sent bytes count as progress.
/// </summary>
internal sealed class FileRangeStream(SafeFileHandle file, FileRange range, OvaProgress progress, StoreAttempt attempt) : Stream
{
    private long position;
    private long sent;

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

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        => attempt.RunLocallyAsync(async () =>
        {
            var wanted = Wanted(buffer.Length);
            var read = wanted == 0 ? 0 : Advance(await RandomAccess.ReadAsync(file, buffer[..wanted], range.Offset + position, cancellationToken));

            // An HTTP client whose connection turns out to be closed sends the body again from the start. Bytes count once.
            if (position > sent)
            {
                sent = position;
                await progress(sent, cancellationToken);
            }

            return read;
        });

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <summary>For signing. The work completes synchronously.</summary>
    public override int Read(byte[] buffer, int offset, int count)
        => attempt.RunLocallyAsync(() =>
        {
            var wanted = Wanted(count);
            return new ValueTask<int>(wanted == 0 ? 0 : Advance(RandomAccess.Read(file, buffer.AsSpan(offset, wanted), range.Offset + position)));
        }).AsTask().GetAwaiter().GetResult();

    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => position + offset,
        _ => range.Length + offset,
    };

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private int Wanted(int count) => (int)Math.Min(count, Math.Max(0, range.Length - position));

    private int Advance(int read)
    {
        position += read;
        return read > 0 ? read : throw range.EndOfFile(range.Offset + position);
    }
}
