using System.Collections.Concurrent;
using ImageBackup.Core.ObjectStorage;
using ImageBackup.Core.ObjectStorage.Directories;
using ImageBackup.Core.ObjectStorage.S3;
using ImageBackup.Core.Settings;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ImageBackup.Core.Buckets;

/// <summary>The open stores: the one of the settings, and one for each set of registered credentials. They live as long as the service.</summary>
public sealed class ObjectStores : IDisposable
{
    private readonly CosOptions options;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly Lazy<IObjectStore> configured;
    private readonly ConcurrentDictionary<CosCredentials, Lazy<S3ObjectStore>> registered = [];

    public ObjectStores(IOptions<CosOptions> options, DataPaths paths, TimeProvider time, ILogger<ObjectStores> logger)
    {
        this.options = options.Value;
        this.time = time;
        this.logger = logger;
        configured = new Lazy<IObjectStore>(() => this.options.IsEmbedded
            ? new DirectoryObjectStore(this.options.EmbeddedRoot(paths), time)
            : OpenOnce(this.options.Credentials()));
    }

    /// <summary>The store of buckets without a registration: the S3 service of the settings, or the embedded store.</summary>
    public IObjectStore Configured => configured.Value;

    /// <summary>Returns the store of registered credentials. The same credentials give the same store.</summary>
    public IObjectStore Open(CosCredentials credentials)
        => registered.GetOrAdd(credentials, key => new Lazy<S3ObjectStore>(() => OpenOnce(key))).Value;

    /// <summary>Returns a new store for credentials that are not registered yet. The caller disposes it.</summary>
    internal S3ObjectStore OpenOnce(CosCredentials credentials) => new(credentials, options, time, logger);

    public void Dispose()
    {
        if (configured.IsValueCreated)
        {
            (configured.Value as IDisposable)?.Dispose();
        }

        foreach (var store in registered.Values.Where(store => store.IsValueCreated))
        {
            store.Value.Dispose();
        }
    }
}
