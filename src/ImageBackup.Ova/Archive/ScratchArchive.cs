using ImageBackup.Ova.Deflate;
using ImageBackup.Ova.IO;
using Microsoft.Win32.SafeHandles;

namespace ImageBackup.Ova.Archive;

/// <summary>Unpacks a compressed archive into a sparse tar file, and stops when the tar exceeds a limit.</summary>
internal sealed class ScratchArchive(OvaReaderOptions options)
{
    /// <summary>Pieces of zeros of this size become holes.</summary>
    private const int Piece = 64 << 10;

    private const int BufferSize = 1 << 20;
    private const string Name = "The gzip around the archive";

    /// <summary>Bytes from which on the ratio is checked.</summary>
    private const long RatioFloor = 256L << 20;

    /// <summary>Bytes written between two checks of the disk's free space.</summary>
    private const long SpaceStep = 64L << 20;

    public static bool IsGzip(SafeFileHandle file, long offset)
    {
        Span<byte> magic = stackalloc byte[4];

        // Two magic bytes, method deflate, no reserved flag (RFC 1952 §2.3).
        return RandomAccess.Read(file, magic, offset) == magic.Length && magic[..3].SequenceEqual((ReadOnlySpan<byte>)[0x1f, 0x8b, 0x08]) && magic[3] < 0x20;
    }

    /// <summary>Unpacks an archive and returns the path of the tar file. Progress is in bytes of the compressed file.</summary>
    /// <exception cref="InvalidOvaException">The gzip is damaged or cut off, or unpacks to more than allowed.</exception>
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
        using var stored = new StoredPrefetch(source);
        using var inflater = DeflateEngine.Current.CreateStreamInflater();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var pump = Task.Run(() => stored.PumpAsync(stop.Token), CancellationToken.None);
        var copy = Task.Run(() => CopyAsync(stored, new GzipDecoder(stored, inflater, Name), target, progress, stop.Token), CancellationToken.None);
        try
        {
            // The first exception is reported. The other task would wait for ever.
            await await Task.WhenAny(pump, copy);
            await copy;
        }
        finally
        {
            await stop.CancelAsync();
            await Task.WhenAll(pump, copy).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task CopyAsync(StoredPrefetch stored, GzipDecoder gzip, SafeFileHandle target, OvaProgress progress, CancellationToken cancellationToken)
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
                throw new InvalidOvaException($"The archive unpacks to more than {options.MaxInflatedBytes} bytes, which is the limit.");
            }

            if (written >= nextSpaceCheck)
            {
                CheckSpace();
                nextSpaceCheck = written + SpaceStep;
            }

            written += Zeros.WriteData(target, buffer.AsSpan(0, read), length, Piece);
            length += read;
            if (written > RatioFloor && written / Math.Max(1, stored.Consumed) > options.MaxInflationRatio)
            {
                throw new InvalidOvaException(
                    $"The archive unpacks to more than {options.MaxInflationRatio} times its size, not counting zeros. It is refused as a decompression bomb.");
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
                $"The archive cannot be unpacked: {options.ScratchDirectory} has {free} bytes free; {options.FreeSpaceReserve + SpaceStep} are needed", Libc.Enospc);
        }
    }
}
