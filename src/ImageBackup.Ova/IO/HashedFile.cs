using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace ImageBackup.Ova.IO;

/// <summary>A new file that is written in order and hashed.</summary>
internal sealed class HashedFile : IDisposable
{
    /// <summary>Bytes written before the system is asked to start writing them to disk.</summary>
    private const long WritebackStep = 8 << 20;

    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] buffer = new byte[256 << 10];
    private readonly SafeFileHandle file;
    private long flushed;
    private long handedOver;
    private int buffered;

    /// <summary>Creates the file. An existing file or link of that name is removed, never written to.</summary>
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

    /// <summary>Flushes the file to disk and returns its SHA-256, lower-case hex.</summary>
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
