namespace ImageBackup.Disks;

/// <summary>Bytes with holes that can be read at any offset by several threads at once: a file, a part of one, or the guest's view of a disk image.</summary>
public abstract class DiskSource : IDisposable
{
    /// <summary>Length in bytes.</summary>
    public abstract long Length { get; }

    /// <summary>
    /// Bytes that are stored together. A read that covers whole units, counted from offset 0, never unpacks a unit twice. Always a power of two.
    /// </summary>
    public virtual int Unit => 1;

    /// <summary>Fills the buffer with the bytes at an offset. The range lies inside the source.</summary>
    /// <exception cref="DiskImageException">The bytes are damaged.</exception>
    /// <exception cref="IOException">The read failed.</exception>
    public abstract void Read(Span<byte> buffer, long offset);

    /// <summary>Returns the first offset, at or after the given one, that may hold something other than zeros; the length when only zeros follow.</summary>
    public virtual long NextData(long offset) => offset;

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases what the source holds.</summary>
    protected virtual void Dispose(bool disposing)
    {
    }
}
