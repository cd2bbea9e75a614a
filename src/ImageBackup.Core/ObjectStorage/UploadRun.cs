using ImageBackup.Ova;
using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;

namespace ImageBackup.Core.ObjectStorage;

/// <summary>One archive to one object. An object has one writer, its backup's flow: any other open upload of the same key is a leaving and is dropped.</summary>
internal sealed partial class UploadRun(CosOptions options, StoreRetries retries, ILogger logger)
{
    private static readonly TimeSpan CleanUpTime = TimeSpan.FromSeconds(60);

    public async Task<StoredObject> RunAsync(ObjectUpload upload, OvaProgress progress, CancellationToken cancellationToken)
    {
        using var file = File.OpenHandle(upload.FilePath);
        var length = RandomAccess.GetLength(file);
        var partSize = PartSizes.For(upload.FilePath, length, options.PartSizeMiB);

        return length <= partSize
            ? await PutAsync(upload, file, length, progress, cancellationToken)
            : await SendInPartsAsync(upload, file, new UploadResume(string.Empty, partSize, length, File.GetLastWriteTimeUtc(file)), progress, cancellationToken);
    }

    public async Task AbandonAsync(Bucket bucket, string key, CancellationToken cancellationToken)
    {
        var open = await retries.RunAsync($"List uploads of {key}", token => bucket.Store.ListOpenUploadsAsync(bucket.Name, key, token), cancellationToken);
        foreach (var upload in open.Where(upload => string.Equals(upload.Key, key, StringComparison.Ordinal)))
        {
            await retries.RunAsync($"Abort upload of {key}", token => bucket.Store.AbortAsync(upload, token), cancellationToken);
        }
    }

    private async Task<StoredObject> PutAsync(ObjectUpload upload, SafeFileHandle file, long length, OvaProgress progress, CancellationToken cancellationToken)
    {
        var (store, bucket) = upload.Bucket;
        using var meter = new TransferMeter(progress, 0);
        await meter.StartAsync(cancellationToken);
        return await retries.RunAsync(
            $"Store {upload.Key}",
            token => meter.CountAsync(
                async moved =>
                {
                    await store.PutAsync(bucket, upload.Key, upload.Metadata.ToPairs(), file, length, moved, token);
                    return await store.HeadAsync(bucket, upload.Key, token);
                },
                token),
            cancellationToken);
    }

    private async Task<StoredObject> SendInPartsAsync(ObjectUpload upload, SafeFileHandle file, UploadResume plan, OvaProgress progress, CancellationToken cancellationToken)
    {
        if (CanResume(upload.Resume, plan) && await FindFinishedAsync(upload, plan, cancellationToken) is { } finished)
        {
            await progress(plan.Length, cancellationToken);
            return finished;
        }

        OpenUpload? open = null;
        try
        {
            (open, var present) = await TakeUpAsync(upload, plan, cancellationToken) ?? (await StartAsync(upload, plan, cancellationToken), []);
            var parts = await SendPartsAsync(open, present, upload, file, plan, progress, cancellationToken);
            return await CompleteAsync(open, parts, upload, plan, cancellationToken);
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            await CleanUpAsync(upload, open);
            throw;
        }
    }

    private static bool CanResume(UploadResume? resume, UploadResume plan)
        => resume is not null && resume with { UploadId = string.Empty, PartSize = plan.PartSize } == plan;

    /// <summary>A crash between the end of an upload and its record leaves a complete object; it is the one we were making where size and digest agree.</summary>
    private async Task<StoredObject?> FindFinishedAsync(ObjectUpload upload, UploadResume plan, CancellationToken cancellationToken)
    {
        var (store, bucket) = upload.Bucket;
        try
        {
            var found = await retries.RunAsync($"Look at {upload.Key}", token => store.HeadAsync(bucket, upload.Key, token), cancellationToken);
            var sha256 = BackupMetadata.FromPairs(found.Metadata).Sha256;
            return found.Size == plan.Length && sha256 is not null && sha256 == upload.Metadata.Sha256 ? found : null;
        }
        catch (ObjectStoreException missing) when (missing.Fault == ObjectStoreFault.NoObject)
        {
            return null;
        }
    }

    /// <summary>The upload of an earlier run with the parts that are whole; null where there is none to go on with.</summary>
    private async Task<(OpenUpload Open, List<UploadedPart> Present)?> TakeUpAsync(ObjectUpload upload, UploadResume plan, CancellationToken cancellationToken)
    {
        if (!CanResume(upload.Resume, plan) || upload.Resume!.PartSize != plan.PartSize)
        {
            return null;
        }

        var (store, bucket) = upload.Bucket;
        var open = new OpenUpload(bucket, upload.Key, upload.Resume.UploadId);
        var total = PartSizes.Count(plan.Length, plan.PartSize);
        try
        {
            var parts = await retries.RunAsync($"List parts of {upload.Key}", token => store.ListPartsAsync(open, token), cancellationToken);
            var whole = parts.Where(part => part.Number <= total && part.Size == PartSizes.Range(part.Number, plan.Length, plan.PartSize).Length).ToList();
            LogResumed(logger, upload.Key, whole.Count, total);
            return (open, whole);
        }
        catch (ObjectStoreException gone) when (gone.Fault == ObjectStoreFault.NoUpload)
        {
            LogGone(logger, upload.Key);
            return null;
        }
    }

    private async Task<OpenUpload> StartAsync(ObjectUpload upload, UploadResume plan, CancellationToken cancellationToken)
    {
        var (store, bucket) = upload.Bucket;
        try
        {
            await AbandonAsync(upload.Bucket, upload.Key, cancellationToken);
        }
        catch (ObjectStoreException denied) when (denied.Fault == ObjectStoreFault.NoAccess)
        {
            // Keys may be allowed to write and not to list uploads; whether they may write, the next call tells.
            LogNotAborted(logger, upload.Key, bucket, store.Endpoint, denied.Message);
        }

        var open = await retries.RunAsync($"Start upload of {upload.Key}", token => store.CreateUploadAsync(bucket, upload.Key, upload.Metadata.ToPairs(), token), cancellationToken);
        await upload.SaveResume(plan with { UploadId = open.UploadId }, cancellationToken);
        return open;
    }

    private async Task<IReadOnlyList<UploadedPart>> SendPartsAsync(
        OpenUpload open, List<UploadedPart> present, ObjectUpload upload, SafeFileHandle file, UploadResume plan, OvaProgress progress, CancellationToken cancellationToken)
    {
        var parts = new UploadedPart?[PartSizes.Count(plan.Length, plan.PartSize)];
        present.ForEach(part => parts[part.Number - 1] = part);
        using var meter = new TransferMeter(progress, present.Sum(part => part.Size));
        await meter.StartAsync(cancellationToken);

        var missing = Enumerable.Range(1, parts.Length).Where(number => parts[number - 1] is null).ToList();
        var atOnce = new ParallelOptions { MaxDegreeOfParallelism = options.ParallelParts, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(missing, atOnce, async (number, partToken) =>
        {
            var range = PartSizes.Range(number, plan.Length, plan.PartSize);
            parts[number - 1] = await retries.RunAsync(
                $"Send part {number} of {parts.Length} of {upload.Key}",
                token => meter.CountAsync(moved => upload.Bucket.Store.UploadPartAsync(open, number, file, range, moved, token), token),
                partToken);
        });

        return parts!;
    }

    private async Task<StoredObject> CompleteAsync(
        OpenUpload open, IReadOnlyList<UploadedPart> parts, ObjectUpload upload, UploadResume plan, CancellationToken cancellationToken)
    {
        var (store, bucket) = upload.Bucket;
        try
        {
            await retries.RunAsync($"Complete {upload.Key}", token => store.CompleteAsync(open, parts, token), cancellationToken);
        }
        catch (ObjectStoreException gone) when (gone.Fault == ObjectStoreFault.NoUpload)
        {
            // The answer to an earlier attempt may have been lost; the object tells whether that attempt succeeded.
            if (await FindFinishedAsync(upload, plan, cancellationToken) is { } finished)
            {
                return finished;
            }

            throw;
        }

        var stored = await retries.RunAsync($"Look at {upload.Key}", token => store.HeadAsync(bucket, upload.Key, token), cancellationToken);
        return stored.Size == plan.Length
            ? stored
            : throw new ObjectStoreException(
                ObjectStoreFault.Damaged,
                $"Object '{upload.Key}' in bucket '{bucket}' at {store.Endpoint} has {stored.Size} bytes after the upload of {plan.Length}.");
    }

    /// <summary>With a token of its own: the reason to clean up must not stop it. What can't be removed now is said, and removed by the next run or by who abandons the upload.</summary>
    private async Task CleanUpAsync(ObjectUpload upload, OpenUpload? open)
    {
        using var ownTime = new CancellationTokenSource(CleanUpTime);
        try
        {
            if (open is not null)
            {
                await retries.RunAsync($"Abort upload of {upload.Key}", token => upload.Bucket.Store.AbortAsync(open, token), ownTime.Token);
            }

            await AbandonAsync(upload.Bucket, upload.Key, ownTime.Token);
        }
        catch (Exception failure) when (failure is ObjectStoreException or OperationCanceledException)
        {
            LogNotAborted(logger, upload.Key, upload.Bucket.Name, upload.Bucket.Store.Endpoint, failure.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Upload of {Key} goes on: {Present} of {Total} parts are there")]
    private static partial void LogResumed(ILogger logger, string key, int present, int total);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The interrupted upload of {Key} is gone from its store; it starts anew")]
    private static partial void LogGone(ILogger logger, string key);

    [LoggerMessage(Level = LogLevel.Warning, Message = "An upload of {Key} may still be open in bucket {Bucket} at {Endpoint}: {Reason}")]
    private static partial void LogNotAborted(ILogger logger, string key, string bucket, string endpoint, string reason);
}
