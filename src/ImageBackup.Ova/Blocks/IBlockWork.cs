namespace ImageBackup.Ova.Blocks;

/// <summary>What the pipeline does with blocks: taken in order, worked on by many, committed in order.</summary>
internal interface IBlockWork
{
    /// <summary>Fills in what the next block is. In order, one at a time.</summary>
    /// <returns>False when there is none.</returns>
    ValueTask<bool> TakeAsync(BlockSlot slot, CancellationToken cancellationToken);

    /// <summary>The expensive part; several at once, each worker with its own number.</summary>
    void Process(BlockSlot slot, int worker);

    /// <summary>What needs the order of the volume: writing, running digests, progress. One at a time.</summary>
    ValueTask CommitAsync(BlockSlot slot, CancellationToken cancellationToken);
}
