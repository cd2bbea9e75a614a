namespace ImageBackup.Disks.Mapping;

/// <summary>The guest's disk in a format with one table that maps blocks of it.</summary>
internal abstract class BlockDisk(DiskSource source) : MappedDisk(source)
{
    /// <summary>Bytes of a block.</summary>
    protected abstract long BlockSize { get; }

    protected sealed override Run Locate(long offset) => LocateBlock(offset / BlockSize).Skip(offset % BlockSize);

    /// <summary>Finds how a whole block is stored.</summary>
    protected abstract Run LocateBlock(long index);
}
