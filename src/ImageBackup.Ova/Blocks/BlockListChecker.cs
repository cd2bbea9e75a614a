namespace ImageBackup.Ova.Blocks;

/// <summary>Compares blocks, in order, with their digests in a block list.</summary>
internal sealed class BlockListChecker(BlockListReader list, string name)
{
    private long left;

    /// <summary>Compares the block, or the run of zero blocks, of a slot.</summary>
    /// <exception cref="InvalidOvaException">A block differs. The message names it.</exception>
    public void Check(BlockSlot slot)
    {
        for (var done = 0L; done < slot.Count;)
        {
            if (left == 0)
            {
                left = list.Read() ? list.Count : throw new InvalidOvaException($"{list.Name} ends before block {slot.Index + done}");
            }

            var digest = slot.IsZero ? VolumeBlocks.ZeroDigest : slot.Digest;
            if (!digest.SequenceEqual(list.Digest))
            {
                throw BlockErrors.DigestMismatch(name, slot.Index + done, slot.Length, list.Digest, digest);
            }

            var both = Math.Min(left, slot.Count - done);
            left -= both;
            done += both;
        }
    }

    /// <summary>Reads the list's end and returns the volume digest in the list.</summary>
    /// <exception cref="InvalidOvaException">The list has more blocks than the volume.</exception>
    public byte[] Finish() => left == 0 && !list.Read() ? list.VolumeDigest : throw new InvalidOvaException($"{list.Name} has blocks behind the volume's end");
}
