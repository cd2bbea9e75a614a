using System.Security.Cryptography;

namespace ImageBackup.Ova.Blocks;

/// <summary>A volume digest: SHA-256 over the SHA-256 of each block in order, including zero blocks. It depends only on the content, not on holes or compression.</summary>
internal sealed class VolumeDigest : IDisposable
{
    private const int ZerosAtOnce = 1024;
    private static readonly byte[] ZeroDigests = Enumerable.Repeat(VolumeBlocks.ZeroDigest.ToArray(), ZerosAtOnce).SelectMany(digest => digest).ToArray();

    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public void Add(ReadOnlySpan<byte> blockDigest) => hash.AppendData(blockDigest);

    public void AddZeroBlocks(long count)
    {
        for (; count > 0; count -= ZerosAtOnce)
        {
            hash.AppendData(ZeroDigests.AsSpan(0, (int)Math.Min(count, ZerosAtOnce) * SHA256.HashSizeInBytes));
        }
    }

    /// <summary>Returns the digest.</summary>
    public byte[] Finish() => hash.GetHashAndReset();

    public void Dispose() => hash.Dispose();
}
