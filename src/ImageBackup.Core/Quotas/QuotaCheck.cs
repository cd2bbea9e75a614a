using ImageBackup.Core.Errors;
using ImageBackup.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace ImageBackup.Core.Quotas;

/// <summary>Refuses what passes a quota, in the transaction that adds it. The messages are Cinder's.</summary>
internal static class QuotaCheck
{
    /// <summary>Checks volumes that a project is about to get.</summary>
    /// <param name="db">The transaction.</param>
    /// <param name="projectId">The project.</param>
    /// <param name="sizes">The size of each volume in bytes.</param>
    /// <param name="cancellationToken">Stops the check.</param>
    /// <exception cref="OverLimitException">The volumes pass a quota.</exception>
    public static async Task RequireVolumesAsync(ImageBackupDbContext db, string projectId, IReadOnlyCollection<long> sizes, CancellationToken cancellationToken)
    {
        if (sizes.Count == 0 || await LimitsAsync(db, projectId, cancellationToken) is not { Count: > 0 } limits)
        {
            return;
        }

        await db.LockAsync(LockOf(projectId), cancellationToken);
        var largest = Gibibytes.RoundUp(sizes.Max());
        if (limits.TryGetValue(QuotaResource.PerVolumeGigabytes, out var most) && largest > most)
        {
            throw new OverLimitException($"Requested volume size {largest}G is larger than maximum allowed limit {most}G.");
        }

        await RequireCountAsync(db, projectId, QuotaResource.Volumes, sizes.Count, limits, cancellationToken);
        await RequireGigabytesAsync(db, projectId, QuotaResource.Gigabytes, sizes.Sum(size => (long)Gibibytes.RoundUp(size)), limits, cancellationToken);
    }

    /// <summary>Checks an image backup that its project is about to get.</summary>
    /// <exception cref="OverLimitException">The image backup passes a quota.</exception>
    public static async Task RequireBackupAsync(ImageBackupDbContext db, BackupRecord backup, CancellationToken cancellationToken)
    {
        if (await LimitsAsync(db, backup.ProjectId, cancellationToken) is { Count: > 0 } limits)
        {
            await db.LockAsync(LockOf(backup.ProjectId), cancellationToken);
            await RequireCountAsync(db, backup.ProjectId, QuotaResource.Backups, 1, limits, cancellationToken);
            await RequireGigabytesAsync(db, backup.ProjectId, QuotaResource.BackupGigabytes, backup.Size, limits, cancellationToken);
        }
    }

    /// <summary>Checks the gibibytes that an image backup is about to have, if they are more than it has.</summary>
    /// <exception cref="OverLimitException">The image backup passes a quota.</exception>
    public static async Task RequireGrowthAsync(ImageBackupDbContext db, BackupRecord backup, int size, CancellationToken cancellationToken)
    {
        if (size > backup.Size && await LimitsAsync(db, backup.ProjectId, cancellationToken) is { Count: > 0 } limits)
        {
            await db.LockAsync(LockOf(backup.ProjectId), cancellationToken);
            await RequireGigabytesAsync(db, backup.ProjectId, QuotaResource.BackupGigabytes, size - backup.Size, limits, cancellationToken);
        }
    }

    /// <summary>Returns the lock of the transactions that change what a project has or may have.</summary>
    public static string LockOf(string projectId) => $"quota/{projectId}";

    private static Task<Dictionary<string, int>> LimitsAsync(ImageBackupDbContext db, string projectId, CancellationToken cancellationToken)
        => db.Quotas.Where(quota => quota.ProjectId == projectId && quota.Limit != Quota.NoLimit).ToDictionaryAsync(quota => quota.Resource, quota => quota.Limit, cancellationToken);

    private static async Task RequireCountAsync(
        ImageBackupDbContext db, string projectId, string resource, int wanted, Dictionary<string, int> limits, CancellationToken cancellationToken)
    {
        if (limits.TryGetValue(resource, out var limit) && await QuotaUsage.CountAsync(db, projectId, resource, cancellationToken) + wanted > limit)
        {
            throw new OverLimitException($"Maximum number of {resource} allowed ({limit}) exceeded for quota '{resource}'.");
        }
    }

    private static async Task RequireGigabytesAsync(
        ImageBackupDbContext db, string projectId, string resource, long wanted, Dictionary<string, int> limits, CancellationToken cancellationToken)
    {
        if (limits.TryGetValue(resource, out var limit) && await QuotaUsage.CountAsync(db, projectId, resource, cancellationToken) is var used && used + wanted > limit)
        {
            throw new OverLimitException($"The request exceeds the quota '{resource}'. Requested {wanted}G, quota is {limit}G and {used}G has been consumed.");
        }
    }
}
