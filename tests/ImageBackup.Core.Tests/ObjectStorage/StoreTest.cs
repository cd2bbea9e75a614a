using ImageBackup.Core.ObjectStorage;
using ImageBackup.TestSupport;
using Microsoft.Win32.SafeHandles;

namespace ImageBackup.Core.Tests.ObjectStorage;

/// <summary>A new bucket in some store, and files to put into it.</summary>
public abstract class StoreTest : IAsyncLifetime
{
    protected const int Mebibyte = 1 << 20;

    /// <summary>The smallest parts that S3 accepts.</summary>
    protected const int PartSize = 5 * Mebibyte;

    private readonly TemporaryDirectory directory = new();
    private IObjectStore? store;

    protected string Directory => directory.Path;

    /// <summary>Small parts, few at the same time, short delays. Tests change them before they use the store.</summary>
    internal CosOptions Options { get; } = new() { PartSizeMiB = PartSize / Mebibyte, ParallelParts = 3, MaxAttempts = 4, RetryDelaySeconds = 0.05, IdleTimeoutSeconds = 20 };

    protected IObjectStore Store => store ??= Open();

    protected string BucketName { get; private set; } = null!;

    protected Bucket Bucket => new(Store, BucketName);

    protected ObjectTransfer Transfer => new(Microsoft.Extensions.Options.Options.Create(Options), TimeProvider.System);

    public async ValueTask InitializeAsync() => BucketName = await CreateBucketAsync();

    public virtual ValueTask DisposeAsync()
    {
        (store as IDisposable)?.Dispose();
        directory.Dispose();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    protected abstract Task<string> CreateBucketAsync();

    protected abstract IObjectStore Open();

    /// <summary>Returns the keys of unfinished uploads.</summary>
    protected abstract Task<IReadOnlyList<string>> UnfinishedAsync();

    /// <summary>Leaves an unfinished upload of this key.</summary>
    protected abstract Task LeaveUnfinishedAsync(string key);

    protected string WriteFile(byte[] content)
    {
        var path = Path.Combine(Directory, $"{Guid.NewGuid():n}.ova");
        File.WriteAllBytes(path, content);
        return path;
    }

    protected static ValueTask Ignore(long bytes, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    protected ObjectUpload Upload(string key, string filePath, BackupMetadata? metadata = null) => new()
    {
        Bucket = Bucket,
        Key = key,
        FilePath = filePath,
        Metadata = metadata ?? new BackupMetadata(null, null, null, null),
        SaveResume = (_, _) => Task.CompletedTask,
    };

    protected Task<StoredObject> PutAsync(string key, byte[] content, BackupMetadata? metadata = null)
        => Store.PutAsync(Upload(key, WriteFile(content), metadata), PartSize, Ignore, CancellationToken.None);

    protected async Task<byte[]> GetAsync(string key)
    {
        var found = await Store.HeadAsync(BucketName, key, CancellationToken.None);
        var path = Path.Combine(Directory, $"{Guid.NewGuid():n}.got");
        using (var file = NewFile(path))
        {
            RandomAccess.SetLength(file, found.Size);
            if (found.Size > 0)
            {
                await Store.GetRangeAsync(BucketName, key, found.ETag, new FileRange(0, found.Size), file, Ignore, CancellationToken.None);
            }
        }

        return await File.ReadAllBytesAsync(path);
    }

    protected static SafeFileHandle NewFile(string path) => File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite);

    protected async Task<List<string>> KeysAsync(string prefix = "")
    {
        var keys = new List<string>();
        await foreach (var found in Store.ListAsync(BucketName, prefix, CancellationToken.None))
        {
            keys.Add(found.Key);
        }

        return keys;
    }

    protected static async Task<ObjectStoreError> ErrorOfAsync(Func<Task> act) => (await Assert.ThrowsAsync<ObjectStoreException>(act)).Error;

    /// <summary>Asserts that neither the bucket has unfinished uploads nor the disk incomplete files.</summary>
    protected async Task AssertNothingLeftAsync()
    {
        Assert.Empty(await UnfinishedAsync());
        Assert.Empty(System.IO.Directory.EnumerateFiles(Directory, "*.partial", SearchOption.AllDirectories));
        Assert.Empty(System.IO.Directory.EnumerateDirectories(Directory, "uploads", SearchOption.AllDirectories).SelectMany(System.IO.Directory.EnumerateFileSystemEntries));
    }
}
