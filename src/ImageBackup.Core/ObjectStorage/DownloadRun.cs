using ImageBackup.Ova;
using ImageBackup.Ova.IO;
using Microsoft.Win32.SafeHandles;

namespace ImageBackup.Core.ObjectStorage;

/// <summary>One object to one file: ranges at once, each written into its place, hashed behind the first gap as it fills.</summary>
internal sealed class DownloadRun(CosOptions options, StoreRetries retries, TimeProvider time)
{
    public async Task<DownloadedObject> RunAsync(ObjectDownload download, OvaProgress progress, CancellationToken cancellationToken)
    {
        var (store, bucket) = download.Bucket;
        try
        {
            var found = await retries.RunAsync($"Look at {download.Key}", token => store.HeadAsync(bucket, download.Key, token), cancellationToken);
            var ranges = TakeUp(download, found);
            var sha256 = await FetchAsync(download, found, ranges, progress, cancellationToken);
            Check(download, found, sha256);

            File.Move(download.PartialPath, download.FilePath, overwrite: true);
            NativeFile.SyncDirectory(Path.GetDirectoryName(Path.GetFullPath(download.FilePath))!);
            return new DownloadedObject(found, sha256);
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            ObjectTransfer.AbandonDownload(download.FilePath);
            throw;
        }
    }

    /// <summary>The ranges of an earlier run of the same object, where its partial file is still there; otherwise none.</summary>
    private RangeSet TakeUp(ObjectDownload download, StoredObject found)
    {
        var partSize = PartSizes.For(download.Key, found.Size, options.PartSizeMiB);
        var resume = download.Resume;
        if (resume is not null && resume.ETag == found.ETag && resume.Length == found.Size && resume.PartSize > 0
            && File.Exists(download.PartialPath) && RangeSet.TryRead(resume, out var ranges))
        {
            return ranges;
        }

        ObjectTransfer.AbandonDownload(download.FilePath);
        return new RangeSet(found.ETag, found.Size, partSize);
    }

    private async Task<string> FetchAsync(ObjectDownload download, StoredObject found, RangeSet ranges, OvaProgress progress, CancellationToken cancellationToken)
    {
        using var file = File.OpenHandle(download.PartialPath, FileMode.OpenOrCreate, FileAccess.ReadWrite);
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
            // The hash reads the file: it must be over before the file is closed.
            await stop.CancelAsync();
            await ((Task)hashing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task FetchMissingAsync(ObjectDownload download, SafeFileHandle file, RangeSet ranges, TransferMeter meter, CancellationToken cancellationToken)
    {
        using var saves = new DownloadSaves(download.SaveResume, file, ranges, time);
        var atOnce = new ParallelOptions { MaxDegreeOfParallelism = options.ParallelParts, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(ranges.Missing(), atOnce, async (number, rangeToken) =>
        {
            await retries.RunAsync(
                $"Fetch range {number} of {ranges.Count} of {download.Key}",
                token => meter.CountAsync(
                    async moved =>
                    {
                        await download.Bucket.Store.GetRangeAsync(download.Bucket.Name, download.Key, ranges.ETag, ranges.Range(number), file, moved, token);
                        return true;
                    },
                    token),
                rangeToken);
            ranges.SetDone(number);
            await saves.SaveNowAndThenAsync(rangeToken);
        });
    }

    private static void Check(ObjectDownload download, StoredObject found, string sha256)
    {
        var expected = download.Sha256 ?? BackupMetadata.FromPairs(found.Metadata).Sha256;
        if (expected is not null && !string.Equals(expected, sha256, StringComparison.OrdinalIgnoreCase))
        {
            throw new ObjectStoreException(
                ObjectStoreFault.Damaged,
                $"Object '{download.Key}' in bucket '{download.Bucket.Name}' at {download.Bucket.Store.Endpoint} has SHA-256 {sha256}, not {expected} as it must.");
        }
    }
}
