using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace ImageBackup.Ova.IO;

/// <summary>Bytes that are written in order into a file, from an offset, and hashed. The caller owns and flushes the file.</summary>
internal sealed class HashedFile(SafeFileHandle file, long offset) : IDisposable
{
    /// <summary>Bytes written before the system is asked to start writing them to disk.</summary>
    private const long WritebackStep = 8 << 20;

    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] buffer = new byte[256 << 10];
    private long written;
    private long handedOver;
    private int buffered;

    /// <summary>Bytes so far.</summary>
    public long Length => written + buffered;

    public void Write(ReadOnlySpan<byte> bytes)
    {
        hash.AppendData(bytes);
        if (bytes.Length > buffer.Length - buffered)
        {
            Flush();
        }

        if (bytes.Length > buffer.Length)
        {
            WriteOut(bytes);
            return;
        }

        bytes.CopyTo(buffer.AsSpan(buffered));
        buffered += bytes.Length;
    }

    /// <summary>Writes what is buffered and returns the SHA-256 of all bytes, lower-case hex.</summary>
    public string Finish()
    {
        Flush();
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    public void Dispose() => hash.Dispose();

    private void Flush()
    {
        WriteOut(buffer.AsSpan(0, buffered));
        buffered = 0;
    }

    private void WriteOut(ReadOnlySpan<byte> bytes)
    {
        RandomAccess.Write(file, bytes, offset + written);
        written += bytes.Length;
        if (written - handedOver >= WritebackStep)
        {
            NativeFile.StartWriteback(file, offset + handedOver, written - handedOver);
            handedOver = written;
        }
    }
}
