using System.Security.Cryptography;
using ImageBackup.Ova.IO;

namespace ImageBackup.Ova.Blocks;

/// <summary>Reads raw bytes of a member or a volume: blocks are hashed, compared with a block list if there is one, and written if there is a target.</summary>
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
            sha256.AppendData(slot.IsZero ? Zeros.Block : slot.Raw);
        }

        await progress(slot.Progress, cancellationToken);
    }

    /// <summary>Returns the volume digest, and the SHA-256 of all bytes if it was wanted; both lower-case hex.</summary>
    public (string VolumeDigest, string? Sha256) Finish() =>
        (Convert.ToHexStringLower(digest.Finish()), sha256 is null ? null : Convert.ToHexStringLower(sha256.GetHashAndReset()));

    public void Dispose()
    {
        digest.Dispose();
        sha256?.Dispose();
    }
}
