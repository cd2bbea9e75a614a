namespace ImageBackup.Ova.Blocks;

/// <summary>Work on blocks: they are taken in order, processed in parallel, and committed in order.</summary>
internal interface IBlockWork
{
    /// <summary>Describes the next block in a slot. Called in order, by one thread at a time.</summary>
    /// <returns>False if there is no further block.</returns>
    ValueTask<bool> TakeAsync(BlockSlot slot, CancellationToken cancellationToken);

    /// <summary>Reads the block from the disk. Called by several threads at once.</summary>
    void Read(BlockSlot slot);

    /// <summary>Does the part that needs a core. Called by as many threads at once as there are workers, each with its own worker number.</summary>
    void Process(BlockSlot slot, int worker);

    /// <summary>Writes the block to the disk, in any order. Called by several threads at once.</summary>
    void Write(BlockSlot slot);

    /// <summary>Does what needs the order of the volume: writing in order, running digests, progress. Called by one thread at a time.</summary>
    ValueTask CommitAsync(BlockSlot slot, CancellationToken cancellationToken);
}
