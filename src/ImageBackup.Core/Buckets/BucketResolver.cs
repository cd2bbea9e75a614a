using ImageBackup.Core.ObjectStorage;
using ImageBackup.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace ImageBackup.Core.Buckets;

/// <summary>Knows which store a bucket's name means: the one that the project registered for it, else the settings'.</summary>
public sealed class BucketResolver
{
    private readonly IDbContextFactory<ImageBackupDbContext> contexts;
    private readonly ObjectStores stores;
    private readonly CosProtector protector;

    internal BucketResolver(IDbContextFactory<ImageBackupDbContext> contexts, ObjectStores stores, CosProtector protector)
    {
        this.contexts = contexts;
        this.stores = stores;
        this.protector = protector;
    }

    /// <summary>The bucket of that name for this project; whether it exists and can be reached, <see cref="IObjectStore.CheckBucketAsync"/> tells.</summary>
    public async Task<Bucket> ResolveAsync(string projectId, string name, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var registered = await context.Cos.AsNoTracking()
            .Where(cos => cos.ProjectId == projectId && cos.BucketName == name)
            .OrderBy(cos => cos.Id)
            .FirstOrDefaultAsync(cancellationToken);
        return registered is null
            ? new Bucket(stores.Configured, name)
            : new Bucket(stores.Open(protector.Unprotect(registered.Name, registered.ProtectedCredentials)), name);
    }
}
