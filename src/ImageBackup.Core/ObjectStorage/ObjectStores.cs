using System.Collections.Concurrent;
using ImageBackup.Core.Buckets;
using ImageBackup.Core.Settings;
using Microsoft.Extensions.Options;

namespace ImageBackup.Core.ObjectStorage;

/// <summary>The stores in use, each opened once: the settings' own, and one for each set of registered credentials.</summary>
public sealed class ObjectStores : IDisposable
{
    private readonly CosOptions options;
    private readonly TimeProvider time;
    private readonly Lazy<IObjectStore> configured;
    private readonly ConcurrentDictionary<CosCredentials, Lazy<S3ObjectStore>> registered = [];

    public ObjectStores(IOptions<CosOptions> options, DataPaths paths, TimeProvider time)
    {
        this.options = options.Value;
        this.time = time;
        configured = new Lazy<IObjectStore>(() => IsEmbedded
            ? new DirectoryObjectStore(EmbeddedRoot(this.options, paths))
            : new S3ObjectStore(CosSecrets.Credentials(this.options), this.options, time));
    }

    /// <summary>The store of buckets that nobody registered: the S3 service of the settings, or the embedded one.</summary>
    public IObjectStore Configured => configured.Value;

    /// <summary>True where the settings name no S3 service.</summary>
    public bool IsEmbedded => string.IsNullOrWhiteSpace(options.ServiceUrl);

    /// <summary>The store that these credentials open; the same ones give the same store, which lives as long as the service.</summary>
    public IObjectStore Open(CosCredentials credentials)
        => registered.GetOrAdd(credentials, key => new Lazy<S3ObjectStore>(() => new S3ObjectStore(key, options, time))).Value;

    /// <summary>A store for one question, not kept: credentials that nobody has registered yet. Dispose it.</summary>
    internal S3ObjectStore OpenOnce(CosCredentials credentials) => new(credentials, options, time);

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

    internal static string EmbeddedRoot(CosOptions options, DataPaths paths)
        => string.IsNullOrWhiteSpace(options.Directory) ? paths.Cos : Path.GetFullPath(options.Directory);
}
