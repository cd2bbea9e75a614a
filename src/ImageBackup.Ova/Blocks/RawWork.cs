using System.Security.Cryptography;
using ImageBackup.Ova.IO;

namespace ImageBackup.Ova.Blocks;

/// <summary>Reads raw bytes of a member or a volume: blocks are hashed, compared with a block list if there is one, and written if there is a target.</summary>
/// <remarks>Holes are read, as zeros, only if a digest of all bytes is expected.</remarks>
internal sealed class RawWork(IBlockSource volume, TargetVolume? target, BlockListChecker? checker, OvaDigest? expected, OvaProgress progress) : IBlockWork, IDisposable
{
    private readonly VolumeDigest digest = new();
    private readonly IncrementalHash? hash = expected is null ? null : OvaDigest.HashFor(expected);

    public ValueTask<bool> TakeAsync(BlockSlot slot, CancellationToken cancellationToken) => volume.TakeAsync(slot, cancellationToken);

    public void Read(BlockSlot slot)
    {
        if (!slot.IsZero)
        {
            volume.Read(slot);
        }
    }

    public void Process(BlockSlot slot, int worker)
    {
        if (!slot.IsZero)
        {
            BlockTools.Digest(slot);
        }
    }

    public void Write(BlockSlot slot) => target?.Write(slot);

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

        for (var i = 0L; hash is not null && i < slot.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            hash.AppendData(slot.IsZero ? Zeros.Block : slot.Raw);
        }

        await progress(slot.Progress, cancellationToken);
    }

    /// <summary>Returns the volume digest, lower-case hex, and the digest of all bytes if one was expected.</summary>
    public (string VolumeDigest, OvaDigest? Stored) Finish() => (Convert.ToHexStringLower(digest.Finish()), hash is null ? null : OvaDigest.Finish(hash));

    public void Dispose()
    {
        digest.Dispose();
        hash?.Dispose();
    }
}
