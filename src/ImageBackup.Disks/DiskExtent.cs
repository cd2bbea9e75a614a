namespace ImageBackup.Disks;

/// <summary>A piece of the guest's disk. Pieces follow each other without gaps; they begin at multiples of 4 KiB.</summary>
/// <param name="Offset">Where the piece begins on the guest's disk.</param>
/// <param name="Length">Bytes of the piece.</param>
/// <param name="Data">The bytes, valid until the next piece is asked for; empty for a hole, which reads as zeros.</param>
public readonly record struct DiskExtent(long Offset, long Length, ReadOnlyMemory<byte> Data)
{
    /// <summary>Whether the piece reads as zeros and has no data. A piece with data may be zeros, too.</summary>
    public bool IsHole => Data.IsEmpty;
}
