using System.Buffers;
using ImageBackup.Core.Errors;
using ImageBackup.Disks;
using ImageBackup.Disks.Opening;
using Microsoft.Win32.SafeHandles;

namespace ImageBackup.Core.Catalog;

/// <summary>
/// Receives a disk and stores its guest's bytes with holes. A raw disk is stored while it is received; a disk of another format is received first and then
/// converted. Memory does not grow with the disk.
/// </summary>
/// <param name="declared">What the sender says about the bytes.</param>
/// <param name="path">The file to create. Work files have this name with a suffix. The caller deletes all of them after a failure.</param>
internal sealed class DiskReceiver(DeclaredDisk declared, string path)
{
    private const int BufferSize = 1 << 20;
    private const int NoSpace = 28; // ENOSPC

    private string Converted => path + ".converted";

    private string Unpacked => path + ".unpacked";

    /// <summary>Receives the disk.</summary>
    /// <param name="source">The bytes.</param>
    /// <param name="expectedSize">The announced number of bytes; null when none was announced.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="InvalidRequestException">The number of bytes is not the announced one.</exception>
    /// <exception cref="UnsupportedMediaException">The bytes are not what they are declared to be, damaged, or not supported.</exception>
    /// <exception cref="UnavailableException">The storage has no space left.</exception>
    public async Task<WrittenDisk> ReceiveAsync(Stream source, long? expectedSize, CancellationToken cancellationToken)
    {
        try
        {
            var disk = await ReceiveFileAsync(source, expectedSize, cancellationToken);
            return declared.ForceRaw || IsRaw() ? disk : await ConvertAsync(cancellationToken);
        }
        catch (DiskImageException e)
        {
            throw e.Error is DiskImageError.TooLarge ? new OverLimitException(e.Message, e) : new UnsupportedMediaException(e.Message, e);
        }
        catch (IOException e) when (e.HResult == NoSpace)
        {
            throw new UnavailableException("The storage has no space left for the image's volume.", e);
        }
    }

    /// <summary>Deletes every file of a failed call.</summary>
    public void Clean()
    {
        File.Delete(path);
        File.Delete(Converted);
        File.Delete(Unpacked);
    }

    private async Task<WrittenDisk> ReceiveFileAsync(Stream source, long? expectedSize, CancellationToken cancellationToken)
    {
        using var file = Create(path);
        using var writer = new DiskWriter(file);
        await CopyAsync(source, writer, cancellationToken);
        var disk = writer.Finish();
        if (expectedSize is { } expected && expected != disk.Size)
        {
            throw new InvalidRequestException($"The upload has {disk.Size} bytes, x-openstack-image-size announced {expected}.");
        }

        return disk;
    }

    /// <summary>Copies the stream. Most wrong files are refused before they were received.</summary>
    private async Task CopyAsync(Stream source, DiskWriter writer, CancellationToken cancellationToken)
    {
        var filling = ArrayPool<byte>.Shared.Rent(BufferSize);
        var working = ArrayPool<byte>.Shared.Rent(BufferSize);
        var work = Task.CompletedTask;
        var isStart = true;
        try
        {
            int length;
            while ((length = await source.ReadAtLeastAsync(filling.AsMemory(0, BufferSize), BufferSize, throwOnEndOfStream: false, cancellationToken)) > 0)
            {
                if (isStart && !declared.ForceRaw)
                {
                    declared.CheckStart(DiskProbe.Probe(filling.AsSpan(0, Math.Min(length, DiskProbe.HeadLength)), []));
                }

                isStart = false;
                await work;
                (filling, working) = (working, filling);
                work = writer.WriteAsync(working.AsMemory(0, length));
            }

            await work;
        }
        finally
        {
            // The work may still read the buffers. Its exception is thrown by the await above, or replaced by the one that ended the loop.
            await work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            ArrayPool<byte>.Shared.Return(filling);
            ArrayPool<byte>.Shared.Return(working);
        }
    }

    private bool IsRaw()
    {
        using var file = new FileSource(path);
        var found = DiskProbe.Probe(file);
        declared.CheckFile(found);
        return found is DiskFormat.Raw;
    }

    /// <summary>Replaces the received file by the disk in it.</summary>
    private async Task<WrittenDisk> ConvertAsync(CancellationToken cancellationToken)
    {
        WrittenDisk disk;
        using (var image = DiskImages.Open(new FileSource(path), new DiskOpenOptions { ScratchPath = Unpacked }, cancellationToken))
        using (var file = Create(Converted))
        using (var writer = new DiskWriter(file))
        {
            declared.CheckStart(image.Format);
            await foreach (var extent in image.ReadAsync(cancellationToken))
            {
                await (extent.IsHole ? writer.SkipAsync(extent.Length, cancellationToken) : writer.WriteAsync(extent.Data));
            }

            declared.Check(image.Format);
            disk = writer.Finish();
        }

        File.Move(Converted, path, overwrite: true);
        return disk;
    }

    private static SafeFileHandle Create(string path) => File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, FileOptions.Asynchronous);
}
