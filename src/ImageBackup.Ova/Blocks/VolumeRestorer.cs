using System.Buffers;
using ImageBackup.Ova.IO;

namespace ImageBackup.Ova.Blocks;

/// <summary>Restores a member of an archive as a raw, sparse volume.</summary>
public static class VolumeRestorer
{
    /// <summary>
    /// Writes the volume as a file of the expected capacity, flushes it to disk, and compares what the disk returns. Zeros become holes. A gzip member with a block list
    /// is inflated on every core; other gzip data is inflated by one thread. A large volume goes past the page cache where the file system allows it: each block is read
    /// back when it is written. Otherwise the volume is read back when it is complete.
    /// </summary>
    /// <param name="stored">The member's bytes.</param>
    /// <param name="encoding">How the member's bytes become the volume's.</param>
    /// <param name="expected">Capacity and digests.</param>
    /// <param name="targetPath">Path of the volume. An existing file is overwritten. The caller deletes it after an exception.</param>
    /// <param name="options">Threads and memory.</param>
    /// <param name="progress">Receives the stored bytes done and the volume's bytes read back, as one sum.</param>
    /// <param name="cancellationToken">Stops the work within a block.</param>
    /// <exception cref="InvalidOvaException">The member is damaged or differs from what is expected, or the disk returns other bytes than were written.</exception>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    public static async Task<RestoredVolume> RestoreAsync(
        FileRegion stored,
        MemberEncoding encoding,
        RestoreExpectation expected,
        string targetPath,
        DataPathOptions options,
        OvaProgress progress,
        CancellationToken cancellationToken)
    {
        var restored = await StoredVolume.ReadAsync(stored, encoding, expected, targetPath, options, progress, cancellationToken);
        if (restored.IsCompared)
        {
            CheckRest(targetPath, TargetVolume.NameOf(expected), restored.VolumeSize, cancellationToken);
            return restored;
        }

        await ReadBackAsync(
            targetPath, restored, expected, options, (done, token) => progress(stored.Length + Math.Max(done, restored.Compared), token), cancellationToken);
        return restored;
    }

    /// <summary>Reads a restored volume and compares its digests: of each block if there is a block list, else of the whole. Only zeros may follow the raw data.</summary>
    /// <param name="targetPath">Path of the restored volume.</param>
    /// <param name="restored">What <see cref="RestoreAsync"/> returned.</param>
    /// <param name="expected">What <see cref="RestoreAsync"/> was given.</param>
    /// <param name="options">Threads and memory.</param>
    /// <param name="progress">Receives the volume's bytes done.</param>
    /// <param name="cancellationToken">Stops the work within a block.</param>
    /// <exception cref="InvalidOvaException">The volume differs. With a block list, the message names the block.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    internal static async Task ReadBackAsync(
        string targetPath,
        RestoredVolume restored,
        RestoreExpectation expected,
        DataPathOptions options,
        OvaProgress progress,
        CancellationToken cancellationToken)
    {
        var name = TargetVolume.NameOf(expected);
        using var list = expected.BlockList is { } region ? new BlockListReader(region, expected.Name) : null;
        using var volume = new VolumeSource(new FileRegion(targetPath, 0, restored.VolumeSize), isLarge: false);
        var checker = list is null ? null : new BlockListChecker(list, name);
        using var work = new RawWork(volume, target: null, checker, expected: null, progress);
        await BlockPipeline.RunAsync(work, options, cancellationToken);
        BlockErrors.Compare(name, "volume digest", restored.VolumeDigest, work.Finish().VolumeDigest);
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
                if (!Zeros.IsZero(buffer.AsSpan(0, read)))
                {
                    throw new InvalidOvaException($"{name} has data near byte {offset}, behind its end at byte {from}");
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
