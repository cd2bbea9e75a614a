using ImageBackup.Disks;
using ImageBackup.Disks.Opening;
using ImageBackup.Ova.Blocks;
using ImageBackup.Ova.Descriptor;

namespace ImageBackup.Ova.Archive;

/// <summary>Decides by the bytes of a member what disk it has, and compares that with what the descriptor declares.</summary>
/// <param name="name">The member's name.</param>
/// <param name="volume">What the descriptor declares.</param>
internal sealed class MemberDisk(string name, OvfVolume volume)
{
    private const string ForceRaw = "If the bytes of the member are the disk itself, use force_raw.";

    /// <summary>
    /// Takes the bytes as a raw disk, gzipped if that is declared. A block list beside the member says so: only this service writes block lists, and only for raw
    /// disks. The caller can say so, too.
    /// </summary>
    /// <exception cref="InvalidOvaException">The declared compression is not that of the bytes.</exception>
    public (MemberEncoding Encoding, DiskSummary Disk) TakeAsRaw(DiskSource source)
    {
        var isGzip = volume.Compression is DiskFormat.Gzip;
        if (volume.Compression is { } declared && (!isGzip || DiskProbe.Probe(source) is not DiskFormat.Gzip))
        {
            throw isGzip
                ? new InvalidOvaException($"{MemberName.Quote(name)} is declared gzip, but does not begin like gzip.")
                : InvalidOvaException.Unsupported($"{MemberName.Quote(name)} is declared {DiskFormatNames.NameOf(declared)}, and its disk is to be taken as raw. Only gzip is unpacked then.");
        }

        return isGzip ? (MemberEncoding.Gzip, new DiskSummary(DiskFormat.Raw, DiskFormat.Gzip, null)) : (MemberEncoding.Raw, new DiskSummary(DiskFormat.Raw, null, source.Length));
    }

    /// <summary>Looks at the bytes.</summary>
    /// <exception cref="InvalidOvaException">The disk is damaged, of a format that is not read, or not what the descriptor declares.</exception>
    public (MemberEncoding Encoding, DiskSummary Disk) Inspect(DiskSource source, CancellationToken cancellationToken)
    {
        var disk = Look(source, cancellationToken);
        if (volume.Compression is { } compression && compression != disk.Compression)
        {
            throw new InvalidOvaException($"{MemberName.Quote(name)} is declared {DiskFormatNames.NameOf(compression)}, but its bytes are {disk}.");
        }

        // Only the end of the unpacked bytes tells a fixed VHD from a raw disk.
        var mayBeVhd = volume.Format is DiskFormat.Vhd && disk is { Format: DiskFormat.Raw, Compression: not null };
        if (volume.Format is { } format && format != disk.Format && !mayBeVhd)
        {
            throw new InvalidOvaException(
                $"{MemberName.Quote(name)}: the descriptor declares the disk format {DiskFormatNames.NameOf(format)}, but its bytes are {disk}. Correct the descriptor's Disk/@format."
                + (disk.IsPlain || format is DiskFormat.Raw ? $" {ForceRaw}" : ""));
        }

        return (disk.IsPlain ? MemberEncoding.Raw : MemberEncoding.DiskImage, disk);
    }

    private DiskSummary Look(DiskSource source, CancellationToken cancellationToken)
    {
        try
        {
            return DiskImages.Inspect(source, null, cancellationToken);
        }
        catch (DiskImageException exception)
        {
            var refused = ImageVolume.Refused(name, exception);
            throw refused.IsUnsupported ? InvalidOvaException.Unsupported($"{refused.Message} {ForceRaw}", exception) : new InvalidOvaException($"{refused.Message} {ForceRaw}", exception);
        }
    }
}
