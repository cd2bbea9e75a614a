using ImageBackup.Core.ObjectStorage;
using ImageBackup.Core.ObjectStorage.S3;
using ImageBackup.TestSupport;
using Microsoft.Extensions.Logging.Abstractions;

namespace ImageBackup.Core.Tests.ObjectStorage;

/// <summary>What is deleted, and by whom: a real S3 server, and a proxy that answers as services with conditional deletions do.</summary>
[Collection(SwiftCollection.Name)]
public sealed class DeletionTests(SharedSwift swift) : StoreTest
{
    private static readonly byte[] Bytes = [1];
    private static readonly string Digest = Digests.Sha256(Bytes);

    private SwiftServer server = null!;
    private S3FaultProxy proxy = null!; // Null when Swift is not installed.

    public override async ValueTask DisposeAsync()
    {
        await (proxy?.DisposeAsync() ?? ValueTask.CompletedTask);
        await base.DisposeAsync();
    }

    protected override async Task<string> CreateBucketAsync()
    {
        server = await swift.ServerAsync();
        proxy = await S3FaultProxy.StartAsync(server.Port);
        return await server.CreateBucketAsync();
    }

    protected override IObjectStore Open() => new S3ObjectStore(server.Credentials(proxy.Url), Options, TimeProvider.System, NullLogger.Instance);

    protected override async Task<IReadOnlyList<string>> UnfinishedAsync()
        => [.. (await ((S3ObjectStore)Store).Uploads.ListOpenAsync(BucketName, "", CancellationToken.None)).Select(upload => upload.Key)];

    protected override Task LeaveUnfinishedAsync(string key) => ((S3ObjectStore)Store).Uploads.CreateAsync(Upload(key, ""), CancellationToken.None);

    [Fact]
    public async Task An_object_that_takes_the_place_of_ours_before_the_deletion_stays()
    {
        var stored = await PutAsync("archive.ova", Bytes, new BackupMetadata(Digest, null, null, null));
        var raced = Bucket with { CheckFence = _ => PutAsync("archive.ova", [2, 3], new BackupMetadata(Digests.Sha256([2, 3]), null, null, null)) };
        proxy.Refuse(request => IsDelete(request) && request.Headers["If-Match"] == stored.ETag, 412, "PreconditionFailed");

        Assert.False(await raced.DeleteOwnAsync("archive.ova", Digest, CancellationToken.None));

        Assert.Equal([2, 3], await GetAsync("archive.ova"));
    }

    [Theory]
    [InlineData(501, "NotImplemented")]
    [InlineData(412, "PreconditionFailed")]
    public async Task A_store_without_conditional_deletions_deletes_our_object(int status, string code)
    {
        await PutAsync("archive.ova", Bytes, new BackupMetadata(Digest, null, null, null));
        proxy.Refuse(request => IsDelete(request) && request.Headers.ContainsKey("If-Match"), status, code, times: 9);

        await Bucket.DeleteOwnAsync("archive.ova", Digest, CancellationToken.None);

        Assert.Empty(await KeysAsync());
    }

    [Fact]
    public async Task A_run_that_has_lost_its_operation_changes_nothing_in_the_bucket()
    {
        await PutAsync("archive.ova", Bytes, new BackupMetadata(Digest, null, null, null));
        await LeaveUnfinishedAsync("archive.ova");
        var fenced = Bucket with { CheckFence = _ => throw new OperationCanceledException("lost") };

        await LostAsync(() => fenced.DeleteOwnAsync("archive.ova", Digest, CancellationToken.None));
        await LostAsync(() => fenced.AbandonUploadAsync("archive.ova", CancellationToken.None));
        await LostAsync(() => Sidecar.PutAsync(fenced, "archive.ova", Digest, Directory, CancellationToken.None));
        await LostAsync(() => Transfer.UploadAsync(Upload("archive.ova", WriteFile([2])) with { Bucket = fenced }, Ignore, CancellationToken.None));

        Assert.Equal(["archive.ova"], await KeysAsync());
        Assert.Equal(["archive.ova"], await UnfinishedAsync());
        Assert.Equal(Bytes, await GetAsync("archive.ova"));
    }

    private static bool IsDelete(S3Request request) => request.Method == "DELETE";

    private static Task<OperationCanceledException> LostAsync(Func<Task> act) => Assert.ThrowsAsync<OperationCanceledException>(act);
}
