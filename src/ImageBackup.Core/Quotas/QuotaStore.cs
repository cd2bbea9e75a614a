using ImageBackup.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace ImageBackup.Core.Quotas;

/// <summary>The quotas of projects.</summary>
public sealed class QuotaStore(IDbContextFactory<ImageBackupDbContext> contexts)
{
    /// <summary>Returns the project's quotas by resource, with what the project has.</summary>
    public async Task<IReadOnlyDictionary<string, Quota>> GetAsync(string projectId, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var limits = await db.Quotas.Where(quota => quota.ProjectId == projectId).ToDictionaryAsync(quota => quota.Resource, quota => quota.Limit, cancellationToken);
        var quotas = new Dictionary<string, Quota>();
        foreach (var resource in QuotaResource.All)
        {
            var used = await QuotaUsage.CountAsync(db, projectId, resource, cancellationToken);
            quotas[resource] = new Quota(limits.GetValueOrDefault(resource, Quota.NoLimit), used);
        }

        return quotas;
    }

    /// <summary>Sets limits of a project. The others stay. A limit below what the project has only stops growth.</summary>
    public async Task SetAsync(string projectId, IReadOnlyDictionary<string, int> limits, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.LockAsync(QuotaCheck.LockOf(projectId), cancellationToken);
        foreach (var (resource, limit) in limits)
        {
            await db.Quotas.Where(quota => quota.ProjectId == projectId && quota.Resource == resource).ExecuteDeleteAsync(cancellationToken);
            db.Quotas.Add(new QuotaRecord { ProjectId = projectId, Resource = resource, Limit = limit });
        }

        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Removes every limit of a project.</summary>
    public async Task ResetAsync(string projectId, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.Quotas.Where(quota => quota.ProjectId == projectId).ExecuteDeleteAsync(cancellationToken);
    }
}
