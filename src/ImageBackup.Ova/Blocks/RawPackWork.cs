using System.Security.Cryptography;

namespace ImageBackup.Ova.Blocks;

/// <summary>Blocks of a volume that is stored as it is: digests on every core, and beside them the one digest that has to see every byte in turn.</summary>
internal sealed class RawPackWork(VolumeSource volume, RawMember member, BlockListWriter list, OvaProgress progress) : IBlockWork, IDisposable
{
    private readonly IncrementalHash sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public ValueTask<bool> TakeAsync(BlockSlot slot, CancellationToken cancellationToken) => ValueTask.FromResult(volume.Take(slot));

    public void Process(BlockSlot slot, int worker)
    {
        if (!slot.IsZero)
        {
            volume.Read(slot);
            BlockTools.Digest(slot);
            member.Write(slot);
        }
    }

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
            sha256.AppendData(slot.IsZero ? ZeroBytes.Whole : slot.Raw);
            await progress(Math.Min(volume.Length, (slot.Index + i) * VolumeBlocks.Size), cancellationToken);
        }
    }

    /// <summary>SHA-256 of the member, lower-case hex.</summary>
    public string FinishSha256() => Convert.ToHexStringLower(sha256.GetHashAndReset());

    public void Dispose() => sha256.Dispose();
}
