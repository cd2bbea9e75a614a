using ImageBackup.Core.ObjectStorage;

namespace ImageBackup.Core.Tests.ObjectStorage;

public sealed class DirectoryUploadProofTests : UploadProofConformance
{
    private string Root => Path.Combine(Directory, "cos");

    protected override Task<string> CreateBucketAsync() => DirectoryStores.CreateBucketAsync(Root);

    protected override IObjectStore Open() => DirectoryStores.Open(Root);

    protected override Task<IReadOnlyList<string>> UnfinishedAsync() => DirectoryStores.UnfinishedAsync(Root, BucketName);

    protected override Task LeaveUnfinishedAsync(string key) => DirectoryStores.LeaveUnfinishedAsync(Root, BucketName, key);
}
