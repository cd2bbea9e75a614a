using ImageBackup.Disks;
using ImageBackup.Ova;
using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;

namespace ImageBackup.Core.ObjectStorage.S3;

/// <summary>Puts files into buckets: small ones in one request, others in parts, several at a time. Resumes an earlier run at its missing parts.</summary>
internal sealed partial class S3Put(S3UploadRequests requests, int parallelParts, ILogger logger)
{
    private const int MaxRestarts = 2;

    private static readonly TimeSpan CleanUpTime = TimeSpan.FromSeconds(60);

    public async Task<StoredObject> RunAsync(ObjectUpload upload, long partSize, OvaProgress progress, CancellationToken cancellationToken)
    {
        using var file = RegularFile.OpenItself(upload.FilePath);
        var length = RandomAccess.GetLength(file);
        if (length > partSize)
        {
            return await SendInPartsAsync(upload, file, new UploadResume("", partSize, length, File.GetLastWriteTimeUtc(file)), Rising(progress), cancellationToken);
        }

        using var meter = new TransferMeter(progress, 0);
        await meter.StartAsync(cancellationToken);
        await foreach (var whole in HashedParts.ReadAsync(file, length, partSize, upload.Metadata.Sha256, cancellationToken))
        {
            await upload.Bucket.CheckFence(cancellationToken);
            await requests.SendWholeAsync(upload, file, whole, meter.ForPart(), cancellationToken);
        }

        return await FindStoredAsync(upload, length, cancellationToken);
    }

    /// <summary>Aborts every open upload of this key that the credentials permit to list, but not <paramref name="kept"/>.</summary>
    public async Task AbandonAsync(string bucket, string key, CancellationToken cancellationToken, OpenUpload? kept = null, Func<CancellationToken, Task>? checkFence = null)
    {
        try
        {
            var open = await requests.ListOpenAsync(bucket, key, cancellationToken);
            foreach (var upload in open.Where(upload => upload.Key == key && upload != kept))
            {
                await (checkFence?.Invoke(cancellationToken) ?? Task.CompletedTask);
                await requests.AbortAsync(upload, cancellationToken);
            }
        }
        catch (ObjectStoreException denied) when (denied.Error == ObjectStoreError.NoAccess)
        {
            // Keys may permit reading and writing objects but not listing uploads.
            LogNotAborted(logger, key, bucket, denied.Message);
        }
    }

    private async Task<StoredObject> SendInPartsAsync(ObjectUpload upload, SafeFileHandle file, UploadResume plan, OvaProgress progress, CancellationToken cancellationToken)
    {
        OpenUpload? open = null;
        try
        {
            for (var starts = 0; ; starts++)
            {
                try
                {
                    (open, var present) = await ResumeAsync(upload, plan, cancellationToken) ?? (await StartAsync(upload, plan, cancellationToken), []);
                    var parts = await SendPartsAsync(open, present, upload, file, plan, progress, cancellationToken);
                    return await CompleteAsync(open, parts, upload, plan.Length, cancellationToken);
                }
                catch (ObjectStoreException gone) when (gone.Error == ObjectStoreError.NoUpload && starts < MaxRestarts)
                {
                    // A lifecycle rule, or somebody else, aborted it.
                    LogGone(logger, upload.Key);
                    upload = upload with { Resume = null };
                }
            }
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            await CleanUpAsync(upload, open);
            throw;
        }
    }

    /// <summary>Returns the open upload of an earlier run with its complete parts, or null when there is none.</summary>
    private async Task<(OpenUpload Open, IReadOnlyList<UploadedPart> Present)?> ResumeAsync(ObjectUpload upload, UploadResume plan, CancellationToken cancellationToken)
    {
        if (upload.Resume is not { } resume || resume.PartSize != plan.PartSize)
        {
            return null;
        }

        var open = new OpenUpload(upload.Bucket.Name, upload.Key, resume.UploadId);
        var total = PartSizes.Count(plan.Length, plan.PartSize);
        try
        {
            var parts = await requests.ListPartsAsync(open, cancellationToken);
            var complete = parts.Where(part => part.Number <= total && part.Size == PartSizes.Range(part.Number, plan.Length, plan.PartSize).Length).ToList();
            LogResumed(logger, upload.Key, complete.Count, total);
            await AbandonAsync(upload.Bucket.Name, upload.Key, cancellationToken, open, upload.Bucket.CheckFence);
            return (open, complete);
        }
        catch (ObjectStoreException gone) when (gone.Error == ObjectStoreError.NoUpload)
        {
            LogGone(logger, upload.Key);
            return null;
        }
    }

    private async Task<OpenUpload> StartAsync(ObjectUpload upload, UploadResume plan, CancellationToken cancellationToken)
    {
        await upload.Bucket.CheckFence(cancellationToken);
        var open = await requests.CreateAsync(upload, cancellationToken);
        await SaveAsync(open, upload, plan, cancellationToken);

        // Earlier runs left them, or a request whose answer was lost: the HTTP client repeats some requests by itself. Whoever has saved its own id owns the key.
        await AbandonAsync(upload.Bucket.Name, upload.Key, cancellationToken, open, upload.Bucket.CheckFence);
        return open;
    }

    /// <summary>Saves the id of an open upload. If it cannot be saved, nobody else knows the upload, so it is aborted.</summary>
    private async Task SaveAsync(OpenUpload open, ObjectUpload upload, UploadResume plan, CancellationToken cancellationToken)
    {
        try
        {
            await upload.SaveResume(plan with { UploadId = open.UploadId }, cancellationToken);
        }
        catch
        {
            using var limit = new CancellationTokenSource(CleanUpTime);
            await requests.AbortAsync(open, limit.Token);
            throw;
        }
    }

    /// <summary>Sends the parts that the store does not have, or that have other bytes than the file has now.</summary>
    private async Task<IReadOnlyList<UploadedPart>> SendPartsAsync(
        OpenUpload open, IReadOnlyList<UploadedPart> present, ObjectUpload upload, SafeFileHandle file, UploadResume plan, OvaProgress progress, CancellationToken cancellationToken)
    {
        var parts = new UploadedPart?[PartSizes.Count(plan.Length, plan.PartSize)];
        foreach (var part in present)
        {
            parts[part.Number - 1] = part;
        }

        using var meter = new TransferMeter(progress, present.Sum(part => part.Size));
        await meter.StartAsync(cancellationToken);
        var hashed = HashedParts.ReadAsync(file, plan.Length, plan.PartSize, upload.Metadata.Sha256, cancellationToken);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = parallelParts, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(hashed, parallel, async (part, token) =>
        {
            var earlier = parts[part.Number - 1];
            if (earlier is null || !part.IsStoredAs(earlier))
            {
                parts[part.Number - 1] = await requests.SendPartAsync(open, file, part, meter.ForPart(earlier?.Size ?? 0), token);
            }
        });

        return parts!;
    }

    private async Task<StoredObject> CompleteAsync(OpenUpload open, IReadOnlyList<UploadedPart> parts, ObjectUpload upload, long length, CancellationToken cancellationToken)
    {
        try
        {
            await upload.Bucket.CheckFence(cancellationToken);
            await requests.CompleteAsync(open, parts, cancellationToken);
        }
        catch (ObjectStoreException gone) when (gone.Error == ObjectStoreError.NoUpload)
        {
            // The answer to an earlier attempt may have been lost; the object shows whether that attempt succeeded.
            if (await upload.Bucket.FindAsync(upload.Key, cancellationToken) is { } found && upload.IsStoredAs(found, length))
            {
                return found;
            }

            throw;
        }

        return await FindStoredAsync(upload, length, cancellationToken);
    }

    private static async Task<StoredObject> FindStoredAsync(ObjectUpload upload, long length, CancellationToken cancellationToken)
    {
        var stored = await upload.Bucket.HeadAsync(upload.Key, cancellationToken);
        return stored.Size == length
            ? stored
            : throw new ObjectStoreException(
                ObjectStoreError.Damaged,
                $"Object '{upload.Key}' in bucket '{upload.Bucket.Name}' at {upload.Bucket.Store.Endpoint} has {stored.Size} bytes after the upload of {length}.");
    }

    /// <summary>Returns a listener that does not hear of bytes that are sent again after a restart.</summary>
    private static OvaProgress Rising(OvaProgress progress)
    {
        var highest = -1L;
        return (bytes, cancellationToken) => bytes > highest ? progress(highest = bytes, cancellationToken) : ValueTask.CompletedTask;
    }

    /// <summary>Aborts the upload with a token of its own, because a canceled token would prevent it. A later run or abandoning the upload removes what remains.</summary>
    private async Task CleanUpAsync(ObjectUpload upload, OpenUpload? open)
    {
        using var limit = new CancellationTokenSource(CleanUpTime);
        try
        {
            await upload.Bucket.CheckFence(limit.Token);
            if (open is not null)
            {
                await requests.AbortAsync(open, limit.Token);
            }

            await AbandonAsync(upload.Bucket.Name, upload.Key, limit.Token);
        }
        catch (Exception failure) when (failure is ObjectStoreException or OperationCanceledException)
        {
            LogNotAborted(logger, upload.Key, upload.Bucket.Name, failure.Message);
        }
    }

    [LoggerMessage(LogLevel.Information, "Upload of {Key} resumes: {Present} of {Total} parts are stored")]
    private static partial void LogResumed(ILogger logger, string key, int present, int total);

    [LoggerMessage(LogLevel.Warning, "The store no longer has the interrupted upload of {Key}; the upload starts from the beginning")]
    private static partial void LogGone(ILogger logger, string key);

    [LoggerMessage(LogLevel.Warning, "An upload of {Key} may still be open in bucket {Bucket}: {Reason}")]
    private static partial void LogNotAborted(ILogger logger, string key, string bucket, string reason);
}
