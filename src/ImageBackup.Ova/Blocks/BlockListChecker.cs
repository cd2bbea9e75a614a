namespace ImageBackup.Ova.Blocks;

/// <summary>Compares blocks, as they come in order, with what a block list says of them.</summary>
internal sealed class BlockListChecker(BlockListReader list, string name)
{
    private long left;

    /// <exception cref="InvalidOvaException">A block is not what the list says; the message names it.</exception>
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
                throw BlockFault.Rotten(name, slot.Index + done, slot.Length, list.Digest, digest);
            }

            var both = Math.Min(left, slot.Count - done);
            left -= both;
            done += both;
        }
    }

    /// <summary>Reads the list's end.</summary>
    /// <returns>The volume's digest as the list has it.</returns>
    public byte[] Finish() => left == 0 && !list.Read() ? list.VolumeDigest : throw new InvalidOvaException($"{list.Name} tells of blocks behind the volume's end");
}
