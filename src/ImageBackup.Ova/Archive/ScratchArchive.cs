using ImageBackup.Disks;
using ImageBackup.Disks.Unpacking;
using ImageBackup.Ova.Deflate;
using ImageBackup.Ova.IO;
using Microsoft.Win32.SafeHandles;
using Zeros = ImageBackup.Ova.IO.Zeros;

namespace ImageBackup.Ova.Archive;

/// <summary>Unpacks a compressed archive into a sparse tar file, and stops when the tar exceeds a limit.</summary>
/// <param name="compression">gzip, xz or zstd.</param>
/// <param name="options">The limits.</param>
internal sealed class ScratchArchive(DiskFormat compression, OvaReaderOptions options)
{
    /// <summary>Pieces of zeros of this size become holes.</summary>
    private const int Piece = 64 << 10;

    private const int BufferSize = 1 << 20;

    /// <summary>Bytes from which on the ratio is checked.</summary>
    private const long RatioFloor = 256L << 20;

    /// <summary>Bytes written between two checks of the disk's free space.</summary>
    private const long SpaceStep = 64L << 20;

    private readonly string name = $"The {DiskFormatNames.NameOf(compression)} around the archive";

    /// <summary>Unpacks an archive and returns the path of the tar file. Progress is in bytes of the compressed file.</summary>
    /// <exception cref="InvalidOvaException">The compressed data is damaged or cut off, or unpacks to more than allowed.</exception>
    /// <exception cref="IOException">The scratch directory's disk is full, or would be soon.</exception>
    public async Task<string> UnpackAsync(string path, OvaProgress progress, CancellationToken cancellationToken)
    {
        var scratch = Path.Combine(options.ScratchDirectory, $"inflated-{Guid.NewGuid():N}.tar");
        try
        {
            using var target = File.OpenHandle(scratch, FileMode.CreateNew, FileAccess.Write);
            await (compression is DiskFormat.Gzip ? InflateAsync(path, target, progress, cancellationToken) : DecompressAsync(path, target, progress, cancellationToken));
            return scratch;
        }
        catch
        {
            File.Delete(scratch);
            throw;
        }
    }

    private async Task InflateAsync(string path, SafeFileHandle target, OvaProgress progress, CancellationToken cancellationToken)
    {
        using var source = new StoredFile(new FileRegion(path, 0, new FileInfo(path).Length), name);
        using var stored = new StoredPrefetch(source);
        using var inflater = DeflateEngine.Current.CreateStreamInflater();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var gzip = new GzipDecoder(stored, inflater, name);
        var pump = Task.Run(() => stored.PumpAsync(stop.Token), CancellationToken.None);
        var copy = Task.Run(
            () => CopyAsync(buffer => gzip.ReadAsync(buffer, stop.Token), () => stored.Consumed, target, progress, stop.Token), CancellationToken.None);
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

    private async Task DecompressAsync(string path, SafeFileHandle target, OvaProgress progress, CancellationToken cancellationToken)
    {
        try
        {
            using var source = new CountedSource(new FileSource(path));
            using var stream = new UnpackedStream(compression, source);
            await Task.Run(() => CopyAsync(buffer => ValueTask.FromResult(stream.Fill(buffer.Span)), () => source.Done, target, progress, cancellationToken), cancellationToken);
        }
        catch (DiskImageException exception)
        {
            throw exception.Error is DiskImageError.Unsupported
                ? InvalidOvaException.Unsupported($"{name}: {exception.Message}", exception)
                : new InvalidOvaException($"{name}: {exception.Message}", exception);
        }
    }

    private async Task CopyAsync(
        Func<Memory<byte>, ValueTask<int>> readAsync, Func<long> consumed, SafeFileHandle target, OvaProgress progress, CancellationToken cancellationToken)
    {
        var buffer = new byte[BufferSize];
        var length = 0L;
        var written = 0L;
        var nextSpaceCheck = 0L;
        int read;
        while ((read = await readAsync(buffer)) > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
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
            if (written > RatioFloor && written / Math.Max(1, consumed()) > options.MaxInflationRatio)
            {
                throw new InvalidOvaException(
                    $"The archive unpacks to more than {options.MaxInflationRatio} times its size, not counting zeros. It is refused as a decompression bomb.");
            }

            await progress(consumed(), cancellationToken);
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
