using ImageBackup.Core.ObjectStorage;
using ImageBackup.TestSupport;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Win32.SafeHandles;

namespace ImageBackup.Core.Tests.ObjectStorage;

/// <summary>A bucket of a new name in some store, and files to fill it with.</summary>
public abstract class StoreTest : IAsyncLifetime
{
    protected const int Mebibyte = 1 << 20;

    private readonly TemporaryDirectory directory = new();

    protected string Directory => directory.Path;

    /// <summary>The smallest parts that S3 takes, few at once, quick to try again.</summary>
    internal CosOptions Options { get; } = new() { PartSizeMiB = 5, ParallelParts = 3, MaxAttempts = 4, RetryDelaySeconds = 0.05, IdleTimeoutSeconds = 20 };

    protected IObjectStore Store { get; private set; } = null!;

    protected string BucketName { get; private set; } = null!;

    protected Bucket Bucket => new(Store, BucketName);

    protected ObjectTransfer Transfer => new(Microsoft.Extensions.Options.Options.Create(Options), TimeProvider.System, NullLogger<ObjectTransfer>.Instance);

    public async ValueTask InitializeAsync() => (Store, BucketName) = await OpenAsync();

    public virtual ValueTask DisposeAsync()
    {
        (Store as IDisposable)?.Dispose();
        directory.Dispose();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    protected abstract Task<(IObjectStore Store, string Bucket)> OpenAsync();

    protected string WriteFile(byte[] content)
    {
        var path = Path.Combine(Directory, $"{Guid.NewGuid():n}.ova");
        File.WriteAllBytes(path, content);
        return path;
    }

    protected static ValueTask Ignore(int bytes, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    protected static ValueTask Ignore(long bytes, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    protected async Task PutAsync(string key, byte[] content, Dictionary<string, string>? metadata = null)
    {
        using var file = File.OpenHandle(WriteFile(content));
        await Store.PutAsync(BucketName, key, metadata ?? [], file, content.Length, Ignore, CancellationToken.None);
    }

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

    protected static async Task<ObjectStoreFault> FaultOfAsync(Func<Task> act) => (await Assert.ThrowsAsync<ObjectStoreException>(act)).Fault;

    /// <summary>What a failure must never leave: open uploads in the bucket, incomplete files on the disk.</summary>
    protected async Task AssertNothingLeftAsync()
    {
        Assert.Empty(await Store.ListOpenUploadsAsync(BucketName, "", CancellationToken.None));
        Assert.Empty(System.IO.Directory.EnumerateFiles(Directory, "*.partial", SearchOption.AllDirectories));
        Assert.Empty(System.IO.Directory.EnumerateFiles(Directory, "put-*", SearchOption.AllDirectories));
    }
}
