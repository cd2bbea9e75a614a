using System.Buffers;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace ImageBackup.Ova.IO;

/// <summary>Hashes a run of a file; holes are hashed as zeros without being read.</summary>
internal static class SparseHash
{
    private const int Step = 1 << 20;
    private static readonly byte[] Zeros = new byte[256 << 10];

    /// <summary>Adds the bytes; returns how many there were: fewer than asked for only where the file ends.</summary>
    public static long Append(IncrementalHash hash, SafeFileHandle file, long offset, long length, CancellationToken cancellationToken)
    {
        var end = Math.Min(offset + length, RandomAccess.GetLength(file));
        var buffer = ArrayPool<byte>.Shared.Rent(Step);
        try
        {
            var position = offset;
            while (position < end)
            {
                var data = Math.Min(NativeFile.NextData(file, position), end);
                AppendZeros(hash, data - position, cancellationToken);
                var hole = data < end ? Math.Min(NativeFile.NextHole(file, data), end) : end;
                for (position = data; position < hole;)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    var read = RandomAccess.Read(file, buffer.AsSpan(0, (int)Math.Min(Step, hole - position)), position);
                    if (read == 0)
                    {
                        return position - offset;
                    }

                    hash.AppendData(buffer, 0, read);
                    position += read;
                }
            }

            return Math.Max(0, end - offset);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static void AppendZeros(IncrementalHash hash, long count, CancellationToken cancellationToken)
    {
        while (count > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var part = (int)Math.Min(count, Zeros.Length);
            hash.AppendData(Zeros, 0, part);
            count -= part;
        }
    }
}
