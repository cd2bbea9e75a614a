using ImageBackup.Core.ObjectStorage;
using ImageBackup.Core.ObjectStorage.Directories;

namespace ImageBackup.Core.Tests.ObjectStorage;

/// <summary>Embedded stores for tests.</summary>
internal static class DirectoryStores
{
    public static Task<string> CreateBucketAsync(string root)
    {
        Directory.CreateDirectory(Path.Combine(root, "bucket-1"));
        return Task.FromResult("bucket-1");
    }

    public static IObjectStore Open(string root) => new DirectoryObjectStore(root, TimeProvider.System);

    public static Task<IReadOnlyList<string>> UnfinishedAsync(string root, string bucket)
        => Task.FromResult<IReadOnlyList<string>>([.. DirectoryUpload.List(DirectoryBucket.Open(root, bucket)).Select(upload => upload.Key)]);

    public static Task LeaveUnfinishedAsync(string root, string bucket, string key)
    {
        _ = DirectoryUpload.Create(DirectoryBucket.Open(root, bucket), key);
        return Task.CompletedTask;
    }
}
