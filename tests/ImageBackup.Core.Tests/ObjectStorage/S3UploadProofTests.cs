using ImageBackup.Core.ObjectStorage;
using ImageBackup.Core.ObjectStorage.S3;
using ImageBackup.TestSupport;
using Microsoft.Extensions.Logging.Abstractions;

namespace ImageBackup.Core.Tests.ObjectStorage;

[Collection(SwiftCollection.Name)]
public sealed class S3UploadProofTests(SharedSwift swift) : UploadProofConformance
{
    private SwiftServer server = null!;

    private S3UploadRequests Uploads => ((S3ObjectStore)Store).Uploads;

    protected override async Task<string> CreateBucketAsync()
    {
        server = await swift.ServerAsync();
        return await server.CreateBucketAsync();
    }

    protected override IObjectStore Open() => new S3ObjectStore(server.Credentials(), Options, TimeProvider.System, NullLogger.Instance);

    protected override async Task<IReadOnlyList<string>> UnfinishedAsync()
        => [.. (await Uploads.ListOpenAsync(BucketName, "", CancellationToken.None)).Select(upload => upload.Key)];

    protected override Task LeaveUnfinishedAsync(string key) => Uploads.CreateAsync(Upload(key, ""), CancellationToken.None);
}
