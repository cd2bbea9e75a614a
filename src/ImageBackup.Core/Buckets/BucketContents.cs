using ImageBackup.Core.Access;
using ImageBackup.Core.ObjectStorage;
using ImageBackup.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace ImageBackup.Core.Buckets;

/// <summary>Looks at a registered bucket: health, and which image backups it has.</summary>
public sealed class BucketContents(CosStore store, IDbContextFactory<ImageBackupDbContext> contexts)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Returns whether a bucket answers, and what the caller's image backups take of it.</summary>
    /// <exception cref="Errors.NotFoundException">The bucket is not registered.</exception>
    public async Task<BucketHealth> GetHealthAsync(Caller caller, int id, CancellationToken cancellationToken)
    {
        var bucket = await store.OpenAsync(caller.ProjectId, id, cancellationToken);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var own = context.Backups.Where(backup => backup.CosBucket == bucket.Name && backup.CosObject != null && backup.ProjectId == caller.ProjectId);
        var (count, bytes) = (await own.CountAsync(cancellationToken), await own.SumAsync(backup => backup.OvaSize ?? 0, cancellationToken));
        return new BucketHealth(await FindProblemAsync(bucket, cancellationToken), count, bytes);
    }

    /// <summary>Returns the caller's image backups by the keys of their objects.</summary>
    public async Task<IReadOnlyDictionary<string, int>> FindBackupsAsync(Caller caller, Bucket bucket, IReadOnlyList<string> keys, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var found = await context.Backups.Where(backup => backup.CosBucket == bucket.Name && keys.Contains(backup.CosObject) && backup.ProjectId == caller.ProjectId)
            .Select(backup => new { backup.CosObject, backup.Id }).ToListAsync(cancellationToken);
        return found.GroupBy(backup => backup.CosObject!).ToDictionary(group => group.Key, group => group.Min(backup => backup.Id), StringComparer.Ordinal);
    }

    private static async Task<string?> FindProblemAsync(Bucket bucket, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            await bucket.Store.CheckBucketAsync(bucket.Name, limit.Token);
            return null;
        }
        catch (ObjectStoreException exception)
        {
            return exception.Message;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"The object store did not answer within {Patience.TotalSeconds} s.";
        }
    }
}

/// <summary>The health of a bucket.</summary>
/// <param name="Reason">Why the bucket cannot be used; null if it can.</param>
/// <param name="BackupCount">The caller's image backups in the bucket.</param>
/// <param name="ArchiveBytes">Bytes of their archives.</param>
public sealed record BucketHealth(string? Reason, int BackupCount, long ArchiveBytes);
