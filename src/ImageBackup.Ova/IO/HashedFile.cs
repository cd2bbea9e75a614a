using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace ImageBackup.Ova.IO;

/// <summary>A new file, written from front to back in large pieces and hashed on the way.</summary>
internal sealed class HashedFile : IDisposable
{
    /// <summary>Bytes after which the disk is told to begin with them.</summary>
    private const long WritebackStep = 8 << 20;

    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] buffer = new byte[256 << 10];
    private readonly SafeFileHandle file;
    private long flushed;
    private long handedOver;
    private int buffered;

    /// <summary>Removes what has the name already: a file left by a crash, or a link to one that must not be written into.</summary>
    public HashedFile(string path)
    {
        File.Delete(path);
        file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write);
    }

    public long Length => flushed + buffered;

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

    /// <summary>Puts everything on the disk.</summary>
    /// <returns>SHA-256 of the file, lower-case hex.</returns>
    public string Finish()
    {
        Flush();
        RandomAccess.FlushToDisk(file);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    public void Dispose()
    {
        file.Dispose();
        hash.Dispose();
    }

    private void Flush()
    {
        WriteOut(buffer.AsSpan(0, buffered));
        buffered = 0;
    }

    private void WriteOut(ReadOnlySpan<byte> bytes)
    {
        RandomAccess.Write(file, bytes, flushed);
        flushed += bytes.Length;
        if (flushed - handedOver >= WritebackStep)
        {
            NativeFile.StartWriteback(file, handedOver, flushed - handedOver);
            handedOver = flushed;
        }
    }
}
