using ImageBackup.Disks;
using ImageBackup.Ova.IO;

namespace ImageBackup.Ova.Blocks;

/// <summary>Reads a member to restore or to verify it.</summary>
internal static class StoredVolume
{
    public static async Task<RestoredVolume> ReadAsync(
        FileRegion stored,
        MemberEncoding encoding,
        RestoreExpectation expected,
        string? targetPath,
        DataPathOptions options,
        OvaProgress progress,
        CancellationToken cancellationToken)
    {
        using var list = expected.BlockList is { } region ? new BlockListReader(region, expected.Name) : null;
        CheckSizes(stored, encoding, expected, list?.Header);
        using var target = targetPath is null ? null : new TargetVolume(targetPath, expected, options);
        OvaProgress both = target is null ? progress : (done, token) => progress(done + target.Compared, token);
        var found = (encoding, list) switch
        {
            (MemberEncoding.Gzip, not null) => await ReadBlocksAsync(stored, expected, list, target, options, both, cancellationToken),
            (MemberEncoding.Gzip, null) => (await ReadStreamAsync(stored, expected, reportsImages: false, target, options, both, cancellationToken)).Volume,
            (MemberEncoding.DiskImage, _) => await ReadImageAsync(stored, expected, target, options, both, cancellationToken),
            _ => await ReadRawAsync(stored, expected, list, target, options, both, cancellationToken),
        };
        if (expected.Stored is { } digest && found.Stored is { } member)
        {
            BlockErrors.Compare(expected.Name, $"{digest.Title} of the stored member", digest.Hex, member.Hex);
        }

        BlockErrors.Compare(expected.Name, "volume digest", expected.VolumeDigest, found.VolumeDigest);
        target?.Sync();
        return found with { Compared = target?.Compared ?? 0, IsCompared = target?.IsCompared ?? false };
    }

    private static void CheckSizes(FileRegion stored, MemberEncoding encoding, RestoreExpectation expected, BlockListHeader? header)
    {
        var isRaw = encoding is MemberEncoding.Raw;
        if (header is not null && header.IsGzip == isRaw)
        {
            throw new InvalidOvaException($"{expected.Name} is {Kind(!isRaw)}, but its block list is for {Kind(header.IsGzip)}");
        }

        if (header is not null && isRaw && header.VolumeSize != stored.Length)
        {
            throw new InvalidOvaException($"{expected.Name} has {stored.Length} bytes, but its block list is for {header.VolumeSize}");
        }

        if (header?.VolumeSize > expected.Capacity || (isRaw && stored.Length > expected.Capacity))
        {
            throw BlockErrors.TooLong(expected.Name, header?.VolumeSize ?? stored.Length, expected.Capacity);
        }
    }

    private static string Kind(bool isGzip) => isGzip ? "gzip" : "raw bytes";

    private static async Task<RestoredVolume> ReadBlocksAsync(
        FileRegion stored,
        RestoreExpectation expected,
        BlockListReader list,
        TargetVolume? target,
        DataPathOptions options,
        OvaProgress progress,
        CancellationToken cancellationToken)
    {
        using var file = new StoredFile(stored, expected.Name, stored.Length >= options.DirectFrom);
        using var work = new GzipBlocksWork(file, expected, list, target, options, progress);
        await BlockPipeline.RunAsync(work, options, cancellationToken);
        var (digest, member) = work.Finish();
        return new RestoredVolume(list.Header.VolumeSize, target?.Written ?? 0, digest, member);
    }

    /// <summary>Reads gzip around a raw disk with the fast decoder, until the end of the data shows that it is an image; and every other image.</summary>
    private static async Task<RestoredVolume> ReadImageAsync(
        FileRegion stored,
        RestoreExpectation expected,
        TargetVolume? target,
        DataPathOptions options,
        OvaProgress progress,
        CancellationToken cancellationToken)
    {
        if (expected.Format is null or DiskFormat.Raw && ImageVolume.IsGzippedDisk(stored, expected, cancellationToken))
        {
            var (found, isImage) = await ReadStreamAsync(stored, expected, reportsImages: true, target, options, progress, cancellationToken);
            if (!isImage)
            {
                return found;
            }

            target?.Clear();
        }

        return await ImageVolume.ReadAsync(stored, expected, target, options, progress, cancellationToken);
    }

    private static async Task<(RestoredVolume Volume, bool IsImage)> ReadStreamAsync(
        FileRegion stored,
        RestoreExpectation expected,
        bool reportsImages,
        TargetVolume? target,
        DataPathOptions options,
        OvaProgress progress,
        CancellationToken cancellationToken)
    {
        using var file = new StoredFile(stored, expected.Name);
        using var work = new GzipStreamWork(file, expected, reportsImages, target, options, progress);
        await BlockPipeline.RunAsync(work, options, cancellationToken, work.PumpAsync);
        var (digest, member) = work.Finish();
        return (new RestoredVolume(work.VolumeSize, target?.Written ?? 0, digest, member), work.EndsLikeAnImage);
    }

    private static async Task<RestoredVolume> ReadRawAsync(
        FileRegion stored,
        RestoreExpectation expected,
        BlockListReader? list,
        TargetVolume? target,
        DataPathOptions options,
        OvaProgress progress,
        CancellationToken cancellationToken)
    {
        using var volume = new VolumeSource(stored, stored.Length >= options.DirectFrom);
        var checker = list is null ? null : new BlockListChecker(list, expected.Name);
        using var work = new RawWork(volume, target, checker, expected.Stored, progress);
        await BlockPipeline.RunAsync(work, options, cancellationToken);
        var (digest, member) = work.Finish();
        if (checker is not null)
        {
            BlockErrors.Compare($"block list of {expected.Name}", "digest of its blocks", Convert.ToHexStringLower(checker.Finish()), digest);
        }

        return new RestoredVolume(stored.Length, target?.Written ?? 0, digest, member);
    }
}
