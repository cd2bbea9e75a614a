namespace ImageBackup.Disks;

/// <summary>An opened disk image. It yields the bytes that a guest sees, whatever the format.</summary>
public abstract class DiskImage : IDisposable
{
    /// <summary>Format of the image, inside any compression.</summary>
    public abstract DiskFormat Format { get; }

    /// <summary>Compression around the image: gzip, xz or zstd; null for none.</summary>
    public virtual DiskFormat? Compression => null;

    /// <summary>Bytes of the guest's disk; null when a compressed raw disk must be read to its end to learn its length.</summary>
    public abstract long? Length { get; }

    /// <summary>The guest's disk for reads at any offset; null when the image can only be streamed.</summary>
    public abstract DiskSource? Guest { get; }

    /// <summary>Streams the guest's disk in order. Data is read and unpacked ahead on several threads.</summary>
    /// <exception cref="DiskImageException">The image is damaged or larger than allowed.</exception>
    public abstract IAsyncEnumerable<DiskExtent> ReadAsync(CancellationToken cancellationToken);

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases what the image holds.</summary>
    protected virtual void Dispose(bool disposing)
    {
    }
}
