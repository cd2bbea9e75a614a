namespace ImageBackup.Ova.Blocks;

/// <summary>The blocks of a raw volume, in order.</summary>
internal interface IBlockSource
{
    /// <summary>Describes the next block, or the next run of whole zero blocks. Returns false at the end.</summary>
    ValueTask<bool> TakeAsync(BlockSlot slot, CancellationToken cancellationToken);

    /// <summary>Reads a block that is not in a run of zero blocks. Any thread may call it.</summary>
    void Read(BlockSlot slot);
}
