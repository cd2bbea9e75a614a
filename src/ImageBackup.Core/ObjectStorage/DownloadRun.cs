using ImageBackup.Disks;
using ImageBackup.Ova;
using ImageBackup.Ova.IO;
using Microsoft.Win32.SafeHandles;

namespace ImageBackup.Core.ObjectStorage;

/// <summary>Copies one object, or a file at a URL, to one file: several ranges at a time, each to its own offset, hashed as the file fills from the front.</summary>
internal sealed class DownloadRun(CosOptions options, TimeProvider time)
{
    public async Task<DownloadedObject> RunAsync(ObjectDownload download, OvaProgress progress, CancellationToken cancellationToken)
    {
        try
        {
            var found = await download.Source.HeadAsync(cancellationToken);
            var ranges = Resume(download, found) ?? Start(download, found);
            var sha256 = await FetchAsync(download, found, ranges, progress, cancellationToken);
            Check(download, found, sha256);

            File.Move(download.PartialPath, download.FilePath, overwrite: true);
            NativeFile.SyncDirectory(Path.GetDirectoryName(Path.GetFullPath(download.FilePath))!);
            return new DownloadedObject(found, sha256);
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            File.Delete(download.PartialPath);
            throw;
        }
    }

    /// <summary>Returns the ranges of an earlier run of the same object if its partial file still exists.</summary>
    private static RangeSet? Resume(ObjectDownload download, StoredObject found)
        => download.Resume is { PartSize: > 0, ETag.Length: > 0 } resume && resume.ETag == found.ETag && resume.Length == found.Size
            && File.Exists(download.PartialPath) && RangeSet.TryRead(resume, out var ranges) ? ranges : null;

    private RangeSet Start(ObjectDownload download, StoredObject found)
    {
        File.Delete(download.PartialPath);
        var partSize = PartSizes.For(found.Key, found.Size, options.PartSizeMiB);
        return new RangeSet(found.ETag, found.Size, found.ETag.Length > 0 ? partSize : Math.Max(1, found.Size));
    }

    private async Task<string> FetchAsync(ObjectDownload download, StoredObject found, RangeSet ranges, OvaProgress progress, CancellationToken cancellationToken)
    {
        using var file = File.Exists(download.PartialPath)
            ? RegularFile.OpenItself(download.PartialPath, FileAccess.ReadWrite)
            : File.OpenHandle(download.PartialPath, FileMode.CreateNew, FileAccess.ReadWrite);
        RandomAccess.SetLength(file, found.Size);
        using var meter = new TransferMeter(progress, ranges.BytesDone);
        await meter.StartAsync(cancellationToken);

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var hashing = FollowingHash.RunAsync(file, ranges, stop.Token);
        try
        {
            await FetchMissingAsync(download, file, ranges, meter, cancellationToken);
            var sha256 = await hashing;
            RandomAccess.FlushToDisk(file);
            return sha256;
        }
        finally
        {
            // The hash reads the file, so it must end before the file is closed.
            await stop.CancelAsync();
            await ((Task)hashing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task FetchMissingAsync(ObjectDownload download, SafeFileHandle file, RangeSet ranges, TransferMeter meter, CancellationToken cancellationToken)
    {
        using var saves = new DownloadSaves(download.SaveResume, file, ranges, time);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.ParallelParts, CancellationToken = cancellationToken };
        try
        {
            await Parallel.ForEachAsync(ranges.Missing(), parallel, async (number, token) =>
            {
                var rest = ranges.Rest(number);
                var report = meter.ForPart();
                await download.Source.GetRangeAsync(ranges.ETag, rest, file, SaveAndReportAsync, token);
                ranges.SetDone(number);
                await saves.SaveIfDueAsync(token);

                async ValueTask SaveAndReportAsync(long bytes, CancellationToken reporting)
                {
                    ranges.SetBegun(number, rest, bytes);
                    await saves.SaveIfDueAsync(reporting);
                    await report(bytes, reporting);
                }
            });
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The next run fetches none of these bytes again. Its token is canceled already.
            await saves.SaveAsync(CancellationToken.None);
            throw;
        }
    }

    private static void Check(ObjectDownload download, StoredObject found, string sha256)
    {
        var expected = download.Sha256 ?? BackupMetadata.FromPairs(found.Metadata).Sha256;
        if (expected is not null && !string.Equals(expected, sha256, StringComparison.OrdinalIgnoreCase))
        {
            throw new ObjectStoreException(
                ObjectStoreError.Damaged,
                $"{download.Source.Description} has SHA-256 {sha256}; expected {expected}.");
        }
    }
}
