using ImageBackup.Core.Errors;
using ImageBackup.Core.Persistence;
using ImageBackup.Disks;
using ImageBackup.Disks.Unpacking;

namespace ImageBackup.Core.Catalog;

/// <summary>What an image says about the file that is uploaded to it.</summary>
/// <param name="Word">Glance's <c>disk_format</c>; null if the image has none, which permits every format.</param>
/// <param name="ForceRaw">True if the bytes are the disk itself, whatever they look like.</param>
internal sealed record DeclaredDisk(string? Word, bool ForceRaw)
{
    /// <summary>The property of an image that takes a file as a raw disk, whatever its bytes look like.</summary>
    public const string ForceRawProperty = "force_raw";

    /// <summary>Returns what the image declares.</summary>
    /// <exception cref="InvalidRequestException">The declarations contradict each other.</exception>
    public static DeclaredDisk Of(ImageRecord image)
    {
        var forceRaw = image.Properties.GetValueOrDefault(ForceRawProperty) == "true";
        return forceRaw && image.DiskFormat is not (null or "raw")
            ? throw new InvalidRequestException($"Image {image.Id} has the property {ForceRawProperty} and disk_format '{image.DiskFormat}'. Set disk_format to raw, or remove the property.")
            : new DeclaredDisk(image.DiskFormat, forceRaw);
    }

    /// <summary>Checks what the beginning of a file tells, so that most wrong files are refused early.</summary>
    /// <exception cref="UnsupportedMediaException">The file cannot be of the declared format.</exception>
    public void CheckStart(DiskFormat found)
    {
        // Only the end tells a fixed VHD from a raw disk.
        if (found is not DiskFormat.Raw || Word != "vhd")
        {
            CheckFile(found);
        }
    }

    /// <summary>Checks what the beginning and the end of a file tell.</summary>
    /// <exception cref="UnsupportedMediaException">The file cannot be of the declared format.</exception>
    public void CheckFile(DiskFormat found)
    {
        // Only unpacking tells what a compressed file holds.
        if (!UnpackedStream.Reads(found))
        {
            Check(found);
        }
    }

    /// <summary>Checks the format of the disk, inside any compression.</summary>
    /// <exception cref="UnsupportedMediaException">The disk is not of the declared format.</exception>
    public void Check(DiskFormat found)
    {
        if (Word is not null && DiskFormatNames.FromGlance(Word) != found)
        {
            throw new UnsupportedMediaException(
                $"Image disk_format '{Word}' does not match the file, which is {DiskFormatNames.NameOf(found)}. Upload a file of that format, or set disk_format to the format of the file"
                + (Word == "raw" ? $". If the file is a raw disk that begins or ends like {DiskFormatNames.NameOf(found)}, set the image's property {ForceRawProperty} to true." : "."));
        }
    }
}
