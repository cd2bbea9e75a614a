using System.Buffers;
using ImageBackup.Ova.IO;

namespace ImageBackup.Ova.Blocks;

/// <summary>Turns a member of an archive back into a raw, sparse volume, and reads it back.</summary>
public static class VolumeRestorer
{
    /// <summary>
    /// Writes the volume as a file of the expected capacity, on disk when it returns; zeros are not written and become holes, whatever the compressor made of them.
    /// Members of our own, whose block list is given, are inflated on every core; anybody else's gzip is inflated by one thread, ahead of hashing and writing.
    /// </summary>
    /// <param name="stored">Where the member lies.</param>
    /// <param name="isGzip">Whether it is gzip; raw bytes else.</param>
    /// <param name="expected">What it should be; its capacity bounds what is inflated and written.</param>
    /// <param name="targetPath">The file to write; one that exists is overwritten. The caller removes it after a failure.</param>
    /// <param name="options">Threads and memory.</param>
    /// <param name="progress">Told the stored bytes done, in order.</param>
    /// <param name="cancellationToken">Stops within a block.</param>
    /// <exception cref="InvalidOvaException">The member is not what it should be; the message says what, where and what was expected.</exception>
    public static Task<RestoredVolume> RestoreAsync(
        FileRegion stored,
        bool isGzip,
        RestoreExpectation expected,
        string targetPath,
        DataPathOptions options,
        OvaProgress progress,
        CancellationToken cancellationToken) =>
        StoredVolume.ReadAsync(stored, isGzip, expected, targetPath, options, progress, cancellationToken);

    /// <summary>Reads a restored volume and compares it with what was restored: block by block where there is a block list, else as a whole; behind the raw data there must be nothing but zeros.</summary>
    /// <param name="targetPath">The restored volume.</param>
    /// <param name="restored">What restoring it has shown.</param>
    /// <param name="expected">What it was restored by.</param>
    /// <param name="options">Threads and memory.</param>
    /// <param name="progress">Told the volume's bytes done, in order.</param>
    /// <param name="cancellationToken">Stops within a block.</param>
    /// <exception cref="InvalidOvaException">The volume reads differently; the message names the block where it can.</exception>
    public static async Task ReadBackAsync(
        string targetPath,
        RestoredVolume restored,
        RestoreExpectation expected,
        DataPathOptions options,
        OvaProgress progress,
        CancellationToken cancellationToken)
    {
        var name = $"the volume restored from {expected.Name}";
        using var list = expected.BlockList is { } region ? new BlockListReader(region, expected.Name) : null;
        using var volume = new VolumeSource(new FileRegion(targetPath, 0, restored.VolumeSize));
        var checker = list is null ? null : new BlockListChecker(list, name);
        using var work = new RawWork(volume, target: null, checker, hashAll: false, progress);
        await BlockPipeline.RunAsync(work, options, cancellationToken);
        BlockFault.Compare(name, "volume digest", restored.VolumeDigest, work.Finish().VolumeDigest);
        CheckRest(targetPath, name, restored.VolumeSize, cancellationToken);
    }

    private static void CheckRest(string path, string name, long from, CancellationToken cancellationToken)
    {
        using var file = File.OpenHandle(path);
        var length = RandomAccess.GetLength(file);
        var buffer = ArrayPool<byte>.Shared.Rent(VolumeBlocks.Size);
        try
        {
            for (var offset = NativeFile.NextData(file, from); offset < length; offset = NativeFile.NextData(file, offset))
            {
                cancellationToken.ThrowIfCancellationRequested();
                var read = RandomAccess.Read(file, buffer, offset);
                if (!BlockTools.IsZero(buffer.AsSpan(0, read)))
                {
                    throw new InvalidOvaException($"{name} has data behind its {from} bytes, near byte {offset}");
                }

                offset += read;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
