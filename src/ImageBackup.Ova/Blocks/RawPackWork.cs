using System.Security.Cryptography;
using ImageBackup.Ova.IO;

namespace ImageBackup.Ova.Blocks;

/// <summary>Packs a volume uncompressed: blocks are hashed in parallel, and the whole member is hashed in order.</summary>
internal sealed class RawPackWork(VolumeSource volume, RawMember member, BlockListWriter list, OvaProgress progress) : IBlockWork, IDisposable
{
    private readonly IncrementalHash sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

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

    public void Write(BlockSlot slot) => member.Write(slot);

    public async ValueTask CommitAsync(BlockSlot slot, CancellationToken cancellationToken)
    {
        if (slot.IsZero)
        {
            list.AddZeroBlocks(slot.Count);
        }
        else
        {
            list.Add(slot.Length, slot.Digest);
        }

        for (var i = 1L; i <= slot.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            sha256.AppendData(slot.IsZero ? Zeros.Block : slot.Raw);
            await progress(Math.Min(volume.Length, (slot.Index + i) * VolumeBlocks.Size), cancellationToken);
        }
    }

    /// <summary>Returns the SHA-256 of the member, lower-case hex.</summary>
    public string FinishSha256() => Convert.ToHexStringLower(sha256.GetHashAndReset());

    public void Dispose() => sha256.Dispose();
}
