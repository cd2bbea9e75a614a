namespace ImageBackup.Ova.Blocks;

/// <summary>Work on blocks: they are taken in order, processed in parallel, and committed in order.</summary>
internal interface IBlockWork
{
    /// <summary>Describes the next block in a slot. Called in order, by one thread at a time.</summary>
    /// <returns>False if there is no further block.</returns>
    ValueTask<bool> TakeAsync(BlockSlot slot, CancellationToken cancellationToken);

    /// <summary>Does the expensive part. Called by several threads at once, each with its own worker number.</summary>
    void Process(BlockSlot slot, int worker);

    /// <summary>Does what needs the order of the volume: writing, running digests, progress. Called by one thread at a time.</summary>
    ValueTask CommitAsync(BlockSlot slot, CancellationToken cancellationToken);
}
