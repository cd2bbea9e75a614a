namespace ImageBackup.Core.ObjectStorage;

/// <summary>A bucket and its store.</summary>
public sealed record Bucket(IObjectStore Store, string Name)
{
    /// <summary>Throws if another worker has the operation that uses the bucket. Called before each request that changes the bucket.</summary>
    public Func<CancellationToken, Task> CheckFence { get; init; } = static _ => Task.CompletedTask;

    /// <inheritdoc cref="IObjectStore.HeadAsync"/>
    public Task<StoredObject> HeadAsync(string key, CancellationToken cancellationToken) => Store.HeadAsync(Name, key, cancellationToken);

    /// <summary>Returns size, ETag and metadata of an object, or null when it does not exist.</summary>
    public async Task<StoredObject?> FindAsync(string key, CancellationToken cancellationToken)
    {
        try
        {
            return await HeadAsync(key, cancellationToken);
        }
        catch (ObjectStoreException missing) when (missing.Error == ObjectStoreError.NoObject)
        {
            return null;
        }
    }

    /// <inheritdoc cref="IObjectStore.AbandonPutAsync"/>
    public async Task AbandonUploadAsync(string key, CancellationToken cancellationToken)
    {
        await CheckFence(cancellationToken);
        await Store.AbandonPutAsync(Name, key, cancellationToken);
    }

    /// <summary>Deletes an object if it is the archive with this SHA-256. Another service may have stored its own archive under the same name.</summary>
    /// <returns>True if the bucket keeps versions, so that the object's bytes stay in it.</returns>
    public async Task<bool> DeleteOwnAsync(string key, string? sha256, CancellationToken cancellationToken)
    {
        while (sha256 is not null && await FindAsync(key, cancellationToken) is { } found && BackupMetadata.FromPairs(found.Metadata).Sha256 == sha256)
        {
            await CheckFence(cancellationToken);
            try
            {
                return await Store.DeleteAsync(Name, key, found.ETag, cancellationToken);
            }
            catch (ObjectStoreException changed) when (changed.Error == ObjectStoreError.Changed)
            {
                // Another object has the name now. It may be ours too.
            }
        }

        return false;
    }

    /// <summary>Returns what to tell users of a deletion whose bytes stay.</summary>
    public string VersionsOf(string key)
        => $"Bucket '{Name}' keeps versions: the bytes of object '{key}' stay in it as an earlier version. Delete its versions, or add a lifecycle rule that does.";
}
