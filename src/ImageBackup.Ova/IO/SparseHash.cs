using System.Buffers;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace ImageBackup.Ova.IO;

/// <summary>Hashes a range of a file. Holes are hashed as zeros and not read.</summary>
internal static class SparseHash
{
    private const int Step = 1 << 20;

    /// <summary>Hashes a range and returns the number of bytes, which is less than asked for only if the file ends.</summary>
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
                Zeros.AppendTo(hash, data - position, cancellationToken);
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
}
