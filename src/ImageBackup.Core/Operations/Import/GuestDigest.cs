using System.Buffers.Binary;
using System.Security.Cryptography;
using ImageBackup.Disks;

namespace ImageBackup.Core.Operations.Import;

/// <summary>A digest of a disk's content that costs nothing for zeros: SHA-256 over the blocks that are not zero, each with its offset, and the length.</summary>
internal sealed class GuestDigest : IDisposable
{
    /// <summary>The boundaries at which data is added, except at the end of the disk.</summary>
    public const int BlockSize = 1 << 16;

    private readonly IncrementalHash sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>Adds data. Its offset is a multiple of <see cref="BlockSize"/>.</summary>
    public void Add(long offset, ReadOnlySpan<byte> data)
    {
        for (var start = 0; start < data.Length; start += BlockSize)
        {
            var block = data[start..Math.Min(data.Length, start + BlockSize)];
            if (!Zeros.IsZero(block))
            {
                AddNumber(offset + start);
                sha256.AppendData(block);
            }
        }
    }

    /// <summary>Returns the digest of a disk of a length.</summary>
    public string Finish(long length)
    {
        AddNumber(length);
        return Convert.ToHexStringLower(sha256.GetHashAndReset());
    }

    public void Dispose() => sha256.Dispose();

    private void AddNumber(long number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, number);
        sha256.AppendData(bytes);
    }
}
