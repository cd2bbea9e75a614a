using ImageBackup.Disks;
using ImageBackup.Disks.Opening;
using ImageBackup.Ova.IO;
using ImageBackup.Ova.Tar;

namespace ImageBackup.Ova.Blocks;

/// <summary>Reads a member that is a disk image, a compressed disk image or a compressed disk.</summary>
internal static class ImageVolume
{
    public static async Task<RestoredVolume> ReadAsync(
        FileRegion stored,
        RestoreExpectation expected,
        TargetVolume? target,
        DataPathOptions options,
        OvaProgress progress,
        CancellationToken cancellationToken)
    {
        try
        {
            // Opening checks the whole map. It unpacks a compressed image of most formats.
            using var image = await Task.Run(() => Open(stored, expected, options, cancellationToken), cancellationToken);
            await using var source = new ImageSource(image, stored.Length, expected.Capacity);
            using var work = new RawWork(source, target, checker: null, expected: null, progress);
            OvaDigest? digest = null;
            await BlockPipeline.RunAsync(work, options, cancellationToken, token => Task.FromResult(digest = Hash(stored, expected, token)));
            RequireFormat(image, expected);
            return new RestoredVolume(source.Length, target?.Written ?? 0, work.Finish().VolumeDigest, digest);
        }
        catch (DiskImageException exception)
        {
            throw Refused(expected.Name, exception);
        }
    }

    /// <summary>Returns whether the member is gzip around bytes that begin like a raw disk. Only the end tells whether they are a fixed VHD.</summary>
    public static bool IsGzippedDisk(FileRegion stored, RestoreExpectation expected, CancellationToken cancellationToken)
    {
        try
        {
            using var source = MemberSource.Open(stored);
            return DiskProbe.Probe(source) is DiskFormat.Gzip && DiskImages.Inspect(source, null, cancellationToken).Format is DiskFormat.Raw;
        }
        catch (DiskImageException exception)
        {
            throw Refused(expected.Name, exception);
        }
    }

    /// <summary>Returns the exception for an image that is refused.</summary>
    public static InvalidOvaException Refused(string name, DiskImageException exception) => exception.Error is DiskImageError.Unsupported
        ? InvalidOvaException.Unsupported($"{MemberName.Quote(name)}: {exception.Message}", exception)
        : new InvalidOvaException($"{MemberName.Quote(name)}: {exception.Message}", exception);

    private static DiskImage Open(FileRegion stored, RestoreExpectation expected, DataPathOptions options, CancellationToken cancellationToken)
        => DiskImages.Open(
            MemberSource.Open(stored),
            new DiskOpenOptions
            {
                MaxLength = expected.Capacity,
                ScratchPath = options.ScratchDirectory is { } directory ? Path.Combine(directory, $"unpacked-{Guid.NewGuid():N}") : null,

                // Room for the tables of any format. Snapshots inside an image need more, but their disks are not read.
                MaxScratchLength = expected.Capacity + (expected.Capacity / 2) + (1L << 30),
            },
            cancellationToken);

    /// <summary>Hashes the member beside the work that reads it, so the disk is read once.</summary>
    private static OvaDigest? Hash(FileRegion stored, RestoreExpectation expected, CancellationToken cancellationToken)
    {
        if (expected.Stored is null)
        {
            return null;
        }

        using var source = MemberSource.Open(stored);
        using var hash = OvaDigest.HashFor(expected.Stored);
        SourceHash.Append(hash, source, 0, stored.Length, cancellationToken);
        return OvaDigest.Finish(hash);
    }

    /// <summary>Only the end of a compressed disk tells whether it is a fixed VHD.</summary>
    private static void RequireFormat(DiskImage image, RestoreExpectation expected)
    {
        if (expected.Format is { } declared && declared != image.Format)
        {
            throw new InvalidOvaException(
                $"{MemberName.Quote(expected.Name)} is declared {DiskFormatNames.NameOf(declared)}, but its bytes are {DiskFormatNames.NameOf(image.Format)}.");
        }
    }
}
