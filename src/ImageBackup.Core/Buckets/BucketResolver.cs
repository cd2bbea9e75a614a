using ImageBackup.Core.ObjectStorage;
using ImageBackup.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace ImageBackup.Core.Buckets;

/// <summary>Resolves the name of a bucket to its store: the one that the project registered, otherwise the store of the settings.</summary>
public sealed class BucketResolver(IDbContextFactory<ImageBackupDbContext> contexts, ObjectStores stores, CosProtector protector)
{
    /// <summary>Returns the project's bucket of that name. Does not check that it exists; <see cref="IObjectStore.CheckBucketAsync"/> does.</summary>
    public async Task<Bucket> ResolveAsync(string projectId, string name, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var registered = await context.Cos.AsNoTracking().FirstOrDefaultAsync(cos => cos.ProjectId == projectId && cos.BucketName == name, cancellationToken);
        return new Bucket(registered is null ? stores.Configured : stores.Open(protector.CredentialsOf(registered)), name);
    }
}
