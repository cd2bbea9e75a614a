using ImageBackup.Core.Access;
using ImageBackup.Core.Errors;
using ImageBackup.Core.ObjectStorage;
using ImageBackup.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace ImageBackup.Core.Buckets;

/// <summary>Resolves the name of a bucket to its store: the one that the project registered, otherwise the store of the settings.</summary>
public sealed class BucketResolver(IDbContextFactory<ImageBackupDbContext> contexts, ObjectStores stores, CosProtector protector, ProjectAccess access)
{
    /// <summary>Returns the project's bucket of that name. Does not check that it exists; <see cref="IObjectStore.CheckBucketAsync"/> does.</summary>
    /// <exception cref="ForbiddenException">The bucket is in the store of the settings, and the project may not use it.</exception>
    public async Task<Bucket> ResolveAsync(string projectId, string name, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var registered = await context.Cos.AsNoTracking().FirstOrDefaultAsync(cos => cos.ProjectId == projectId && cos.BucketName == name, cancellationToken);
        if (registered is not null)
        {
            return Fenced(stores.Open(protector.CredentialsOf(registered)), name);
        }

        return access.MayUseBucket(projectId, name) ? Fenced(stores.Configured, name) : throw new ForbiddenException(
            $"Bucket '{name}' is not for project {projectId}. Use another bucket, or ask the administrator to add the project to {ProjectAccessOptions.Section}:{nameof(ProjectAccessOptions.Buckets)}.");
    }

    /// <summary>A run that has lost its operation changes nothing in the bucket.</summary>
    private static Bucket Fenced(IObjectStore store, string name) => new(store, name) { CheckFence = LogBookFence.CheckCurrentAsync };
}
