using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace ImageBackup.Ova.IO;

/// <summary>Bytes that are written in order into a file, from an offset, and hashed. The caller owns and flushes the file.</summary>
internal sealed class HashedFile : IDisposable
{
    /// <summary>Bytes written before the system is asked to start writing them to disk.</summary>
    private const long WritebackStep = 8 << 20;

    private readonly SafeFileHandle file;
    private readonly DirectFile direct;
    private readonly NativeBuffer buffer = new(1 << 20);
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly long offset;
    private long position;
    private long handedOver;

    // The buffer begins at a multiple of its alignment in the file, so that whole units can be written past the page cache.
    private int start;
    private int end;

    /// <param name="file">The file.</param>
    /// <param name="offset">Offset of the first byte.</param>
    /// <param name="isLarge">True to write past the page cache.</param>
    public HashedFile(SafeFileHandle file, long offset, bool isLarge)
    {
        this.file = file;
        this.offset = position = handedOver = offset;
        direct = new DirectFile(file, FileAccess.Write, isLarge);
        start = end = (int)(offset % DirectFile.Alignment);
    }

    /// <summary>Bytes so far.</summary>
    public long Length => position - offset + end - start;

    public void Write(ReadOnlySpan<byte> bytes)
    {
        hash.AppendData(bytes);
        while (!bytes.IsEmpty)
        {
            var count = Math.Min(bytes.Length, buffer.Length - end);
            bytes[..count].CopyTo(buffer.Span[end..]);
            bytes = bytes[count..];
            end += count;
            if (end == buffer.Length)
            {
                Flush();
            }
        }
    }

    /// <summary>Writes what is buffered and returns the SHA-256 of all bytes, lower-case hex.</summary>
    public string Finish()
    {
        Flush();
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    public void Dispose()
    {
        direct.Dispose();
        buffer.Dispose();
        hash.Dispose();
    }

    private void Flush()
    {
        direct.Write(buffer.Span[start..end], position);
        position += end - start;
        start = end = (int)(position % DirectFile.Alignment);
        if (!direct.IsDirect && position - handedOver >= WritebackStep)
        {
            NativeFile.StartWriteback(file, handedOver, position - handedOver);
            handedOver = position;
        }
    }
}
