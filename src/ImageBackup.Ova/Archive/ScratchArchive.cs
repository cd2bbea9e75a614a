using ImageBackup.Ova.Deflate;
using ImageBackup.Ova.IO;
using Microsoft.Win32.SafeHandles;

namespace ImageBackup.Ova.Archive;

/// <summary>Inflates an archive that is gzipped as a whole into a plain tar whose runs of zeros are holes; stops as soon as it grows beyond what is allowed.</summary>
internal sealed class ScratchArchive(OvaReaderOptions options)
{
    /// <summary>A run of zeros this long, aligned, is left a hole.</summary>
    private const int ZeroRun = 64 << 10;

    private const int BufferSize = 1 << 20;
    private const string Name = "The gzip around the archive";

    /// <summary>Below this a ratio says nothing.</summary>
    private const long RatioFloor = 256L << 20;

    /// <summary>How often the free space of the disk is asked for, in bytes written.</summary>
    private const long SpaceStep = 64L << 20;

    public static bool IsGzip(SafeFileHandle file, long offset)
    {
        Span<byte> magic = stackalloc byte[4];

        // Two bytes of magic, deflate, and no reserved flag (RFC 1952 §2.3): a raw volume that looks like this is none.
        return RandomAccess.Read(file, magic, offset) == magic.Length && magic[..3].SequenceEqual((ReadOnlySpan<byte>)[0x1f, 0x8b, 0x08]) && magic[3] < 0x20;
    }

    /// <summary>Returns the scratch file. Progress is in bytes of the gzip.</summary>
    /// <exception cref="InvalidOvaException">The gzip is damaged, truncated, or a bomb.</exception>
    /// <exception cref="IOException">The scratch directory's disk is full, or would be soon.</exception>
    public async Task<string> InflateAsync(string path, OvaProgress progress, CancellationToken cancellationToken)
    {
        var scratch = Path.Combine(options.ScratchDirectory, $"inflated-{Guid.NewGuid():N}.tar");
        try
        {
            using var source = new StoredFile(new FileRegion(path, 0, new FileInfo(path).Length), Name);
            using var target = File.OpenHandle(scratch, FileMode.CreateNew, FileAccess.Write);
            await InflateAsync(source, target, progress, cancellationToken);
            return scratch;
        }
        catch
        {
            File.Delete(scratch);
            throw;
        }
    }

    private async Task InflateAsync(StoredFile source, SafeFileHandle target, OvaProgress progress, CancellationToken cancellationToken)
    {
        using var stored = new StoredAhead(source);
        using var inflater = DeflateEngine.Current.CreateStreamInflater();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var pump = Task.Run(() => stored.PumpAsync(stop.Token), CancellationToken.None);
        var copy = Task.Run(() => CopyAsync(stored, new GzipDecoder(stored, inflater, Name), target, progress, stop.Token), CancellationToken.None);
        try
        {
            // Whichever fails first tells why; the other would wait for it for ever.
            await await Task.WhenAny(pump, copy);
            await copy;
        }
        finally
        {
            await stop.CancelAsync();
            await Task.WhenAll(pump, copy).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task CopyAsync(StoredAhead stored, GzipDecoder gzip, SafeFileHandle target, OvaProgress progress, CancellationToken cancellationToken)
    {
        var buffer = new byte[BufferSize];
        var length = 0L;
        var written = 0L;
        var nextSpaceCheck = 0L;
        int read;
        while ((read = await gzip.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (length + read > options.MaxInflatedBytes)
            {
                throw new InvalidOvaException($"The archive inflates to more than the {options.MaxInflatedBytes} bytes allowed.");
            }

            if (written >= nextSpaceCheck)
            {
                CheckSpace();
                nextSpaceCheck = written + SpaceStep;
            }

            written += WriteData(target, buffer.AsSpan(0, read), length);
            length += read;
            if (written > RatioFloor && written / Math.Max(1, stored.Consumed) > options.MaxInflationRatio)
            {
                throw new InvalidOvaException(
                    $"The archive inflates to more than {options.MaxInflationRatio} times its size, zeros left aside; it is taken for a bomb.");
            }

            await progress(stored.Consumed, cancellationToken);
        }

        RandomAccess.SetLength(target, length);
    }

    private void CheckSpace()
    {
        var free = new DriveInfo(Path.GetFullPath(options.ScratchDirectory)).AvailableFreeSpace;
        if (free < options.FreeSpaceReserve + SpaceStep)
        {
            throw Libc.Failure(
                $"The archive can't be inflated: {options.ScratchDirectory} has {free} bytes free, and {options.FreeSpaceReserve + SpaceStep} are needed", Libc.Enospc);
        }
    }

    private static long WriteData(SafeFileHandle target, ReadOnlySpan<byte> bytes, long offset)
    {
        var written = 0L;
        for (var start = 0; start < bytes.Length;)
        {
            var run = bytes.Slice(start, Math.Min(ZeroRun, bytes.Length - start));
            if (run.IndexOfAnyExcept((byte)0) >= 0)
            {
                RandomAccess.Write(target, run, offset + start);
                written += run.Length;
            }

            start += run.Length;
        }

        return written;
    }
}
