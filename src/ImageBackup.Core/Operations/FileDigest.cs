using System.Buffers;
using System.Security.Cryptography;
using ImageBackup.Disks;
using ImageBackup.Ova;

namespace ImageBackup.Core.Operations;

/// <summary>The SHA-256 of a file.</summary>
public static class FileDigest
{
    private const int BufferBytes = 1 << 20;

    /// <summary>Returns the SHA-256 in lower-case hex.</summary>
    public static async Task<string> ComputeAsync(string path, OvaProgress progress, CancellationToken cancellationToken)
    {
        using var file = RegularFile.OpenItself(path, options: FileOptions.SequentialScan | FileOptions.Asynchronous);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            long done = 0;
            int read;
            while ((read = await RandomAccess.ReadAsync(file, buffer.AsMemory(0, BufferBytes), done, cancellationToken)) > 0)
            {
                hash.AppendData(buffer.AsSpan(0, read));
                done += read;
                await progress(done, cancellationToken);
            }

            return Convert.ToHexStringLower(hash.GetHashAndReset());
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
