using System.Security.Cryptography;

namespace ImageBackup.Ova.Blocks;

/// <summary>Raw bytes, in a member or in a volume: hashed block by block, compared, and written where there is a target.</summary>
internal sealed class RawWork(VolumeSource volume, TargetVolume? target, BlockListChecker? checker, bool hashAll, OvaProgress progress) : IBlockWork, IDisposable
{
    private readonly VolumeDigest digest = new();
    private readonly IncrementalHash? sha256 = hashAll ? IncrementalHash.CreateHash(HashAlgorithmName.SHA256) : null;

    public ValueTask<bool> TakeAsync(BlockSlot slot, CancellationToken cancellationToken) => ValueTask.FromResult(volume.Take(slot));

    public void Process(BlockSlot slot, int worker)
    {
        if (!slot.IsZero)
        {
            volume.Read(slot);
            BlockTools.Digest(slot);
            target?.Write(slot);
        }
    }

    public async ValueTask CommitAsync(BlockSlot slot, CancellationToken cancellationToken)
    {
        checker?.Check(slot);
        if (slot.IsZero)
        {
            digest.AddZeroBlocks(slot.Count);
        }
        else
        {
            digest.Add(slot.Digest);
        }

        for (var i = 0L; sha256 is not null && i < slot.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            sha256.AppendData(slot.IsZero ? ZeroBytes.Whole : slot.Raw);
        }

        await progress(slot.Progress, cancellationToken);
    }

    /// <summary>The volume's digest, and the plain one where it was wanted.</summary>
    public (string VolumeDigest, string? Sha256) Finish() =>
        (Convert.ToHexStringLower(digest.Finish()), sha256 is null ? null : Convert.ToHexStringLower(sha256.GetHashAndReset()));

    public void Dispose()
    {
        digest.Dispose();
        sha256?.Dispose();
    }
}
