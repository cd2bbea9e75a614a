using ImageBackup.Disks.Mapping;
using ImageBackup.Disks.Qcow2;
using ImageBackup.Disks.Reading;
using ImageBackup.Disks.Unpacking;
using ImageBackup.Disks.Vdi;
using ImageBackup.Disks.Vhd;
using ImageBackup.Disks.Vhdx;
using ImageBackup.Disks.Vmdk;

namespace ImageBackup.Disks.Opening;

/// <summary>Opens disk images of every format that is read.</summary>
public static class DiskImages
{
    /// <summary>Opens an image and checks its headers and its whole map. Unpacking into a scratch file takes long; everything else does not.</summary>
    /// <param name="source">The image file. The image disposes it; so does a failed call.</param>
    /// <exception cref="DiskImageException">The image is damaged, larger than allowed, or uses something that is not read.</exception>
    public static DiskImage Open(DiskSource source, DiskOpenOptions options, CancellationToken cancellationToken)
    {
        try
        {
            var format = FormatOf(source, options.Format);
            return UnpackedStream.Reads(format)
                ? OpenCompressed(format, source, options, cancellationToken)
                : OpenSeekable(format, null, source, options, cancellationToken);
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Returns what an image's headers tell, and refuses what <see cref="Open"/> would refuse by them. It unpacks only the beginning of a compressed file.
    /// </summary>
    /// <param name="source">The image file. The caller disposes it.</param>
    /// <param name="format">The format that the file must have; see <see cref="DiskOpenOptions.Format"/>.</param>
    /// <exception cref="DiskImageException">The image is damaged or uses something that is not read.</exception>
    public static DiskSummary Inspect(DiskSource source, DiskFormat? format, CancellationToken cancellationToken)
    {
        var found = FormatOf(source, format);
        if (UnpackedStream.Reads(found))
        {
            return new DiskSummary(ReadableContents(found, source), found, null);
        }

        var guest = OpenGuest(found, source);
        (guest as MappedDisk)?.CheckMap(cancellationToken);
        return new DiskSummary(found, null, guest.Length);
    }

    /// <summary>Whether images of a format are read, apart from the compressions around them.</summary>
    public static bool IsRead(DiskFormat format) => format is DiskFormat.Raw or DiskFormat.Qcow2 or DiskFormat.Vmdk or DiskFormat.Vhd or DiskFormat.Vhdx or DiskFormat.Vdi;

    private static DiskFormat FormatOf(DiskSource source, DiskFormat? declared)
    {
        var format = declared is DiskFormat.Raw ? DiskFormat.Raw : DiskProbe.Probe(source);
        return declared is null || declared == format
            ? format
            : throw DiskImageException.Unsupported($"The file is {DiskFormatNames.NameOf(format)}, not {DiskFormatNames.NameOf(declared.Value)}.");
    }

    private static DiskImage OpenCompressed(DiskFormat compression, DiskSource source, DiskOpenOptions options, CancellationToken cancellationToken)
    {
        var format = ReadableContents(compression, source);
        if (format is DiskFormat.Raw)
        {
            return new StreamedImage(compression, source, options.MaxLength);
        }

        if (options.ScratchPath is not { } path)
        {
            throw DiskImageException.Unsupported(
                $"The {DiskFormatNames.NameOf(compression)} file contains {DiskFormatNames.NameOf(format)}, which must be unpacked before it can be read.");
        }

        var contents = ScratchFile.Unpack(compression, source, path, options.MaxScratchLength, cancellationToken);
        try
        {
            var image = OpenSeekable(format, compression, contents, options, cancellationToken);
            source.Dispose();
            return image;
        }
        catch
        {
            contents.Dispose();
            throw;
        }
    }

    private static DiskFormat ReadableContents(DiskFormat compression, DiskSource source)
    {
        using var stream = new UnpackedStream(compression, source);
        var head = new byte[DiskProbe.HeadLength];
        var format = DiskProbe.Probe(head.AsSpan(0, stream.Fill(head)), []);
        return IsRead(format)
            ? format
            : throw DiskImageException.Unsupported($"The {DiskFormatNames.NameOf(compression)} file contains {DiskFormatNames.NameOf(format)}, which is not read as a disk.");
    }

    private static SeekableImage OpenSeekable(DiskFormat format, DiskFormat? compression, DiskSource source, DiskOpenOptions options, CancellationToken cancellationToken)
    {
        var guest = OpenGuest(format, source);
        if (guest.Length > options.MaxLength)
        {
            throw DiskImageException.TooLarge($"The {DiskFormatNames.NameOf(format)} disk has {guest.Length} bytes. At most {options.MaxLength} are allowed.");
        }

        (guest as MappedDisk)?.CheckMap(cancellationToken);
        return new SeekableImage(format, compression, guest);
    }

    private static DiskSource OpenGuest(DiskFormat format, DiskSource source) => format switch
    {
        DiskFormat.Raw => source,
        DiskFormat.Qcow2 => new Qcow2Disk(source),
        DiskFormat.Vmdk => new VmdkDisk(source),
        DiskFormat.Vhd => VhdDisks.Open(source),
        DiskFormat.Vhdx => new VhdxDisk(source),
        DiskFormat.Vdi => new VdiDisk(source),
        _ => throw DiskImageException.Unsupported($"The file is {DiskFormatNames.NameOf(format)}, which is not read as a disk."),
    };
}
