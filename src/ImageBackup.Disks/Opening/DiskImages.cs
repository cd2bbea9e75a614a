using ImageBackup.Disks.Mapping;
using ImageBackup.Disks.Qcow2;
using ImageBackup.Disks.Reading;
using ImageBackup.Disks.Vdi;
using ImageBackup.Disks.Vhd;
using ImageBackup.Disks.Vhdx;
using ImageBackup.Disks.Vmdk;

namespace ImageBackup.Disks.Opening;

/// <summary>Opens disk images of every format that is read.</summary>
public static class DiskImages
{
    /// <summary>Opens an image and checks its headers and its whole map.</summary>
    /// <param name="source">The image file. The image disposes it; so does a failed call.</param>
    /// <exception cref="DiskImageException">The image is damaged, larger than allowed, or uses something that is not read.</exception>
    public static DiskImage Open(DiskSource source, DiskOpenOptions options, CancellationToken cancellationToken)
    {
        try
        {
            var format = options.Format ?? DiskProbe.Probe(source);
            var guest = OpenGuest(source, format);
            if (guest.Length > options.MaxLength)
            {
                throw DiskImageException.TooLarge($"The {DiskFormatNames.NameOf(format)} disk has {guest.Length} bytes. At most {options.MaxLength} are allowed.");
            }

            (guest as MappedDisk)?.CheckMap(cancellationToken);
            return new SeekableImage(format, null, guest);
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    private static DiskSource OpenGuest(DiskSource source, DiskFormat format) => format switch
    {
        DiskFormat.Raw => source,
        DiskFormat.Qcow2 => new Qcow2Disk(source),
        DiskFormat.Vmdk => new VmdkDisk(source),
        DiskFormat.Vhd => VhdDisks.Open(source),
        DiskFormat.Vhdx => new VhdxDisk(source),
        DiskFormat.Vdi => new VdiDisk(source),
        _ => throw DiskImageException.Unsupported($"The file is {DiskFormatNames.NameOf(format)}, which is not read."),
    };
}
