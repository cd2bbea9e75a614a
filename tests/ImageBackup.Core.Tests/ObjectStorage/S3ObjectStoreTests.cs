using ImageBackup.Core.ObjectStorage;
using ImageBackup.TestSupport;

namespace ImageBackup.Core.Tests.ObjectStorage;

[Collection(SwiftCollection.Name)]
public sealed class S3ObjectStoreTests(SharedSwift swift) : ObjectStoreConformance
{
    private SwiftServer server = null!;

    protected override async Task<(IObjectStore Store, string Bucket)> OpenAsync()
    {
        server = await swift.ServerAsync();
        return (new S3ObjectStore(server.Credentials(), Options, TimeProvider.System), await server.CreateBucketAsync());
    }

    [Theory]
    [InlineData(SwiftServer.AccessKey, "wrong")]
    [InlineData("nobody:here", SwiftServer.SecretKey)]
    public async Task Wrong_keys_are_told_from_a_missing_bucket_and_not_repeated(string accessKey, string secretKey)
    {
        using var store = new S3ObjectStore(server.Credentials() with { AccessKey = accessKey, SecretKey = secretKey }, Options, TimeProvider.System);

        var failure = await Assert.ThrowsAsync<ObjectStoreException>(() => store.CheckBucketAsync(BucketName, CancellationToken.None));

        Assert.Equal(ObjectStoreFault.NoAccess, failure.Fault);
        Assert.Equal(Errors.ErrorKind.BadRequest, failure.Kind);
        Assert.Contains(BucketName, failure.Message, StringComparison.Ordinal);
        Assert.Contains(store.Endpoint, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(secretKey, failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_unavailable()
    {
        var url = $"http://127.0.0.1:{FreePorts.Take(1)[0]}";
        using var store = new S3ObjectStore(server.Credentials(url), Options, TimeProvider.System);

        var failure = await Assert.ThrowsAsync<ObjectStoreException>(() => store.CheckBucketAsync(BucketName, CancellationToken.None));

        Assert.Equal(ObjectStoreFault.Unavailable, failure.Fault);
        Assert.Equal(Errors.ErrorKind.Unavailable, failure.Kind);
        Assert.Contains(url, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_answers_nothing_is_given_up_after_the_idle_time()
    {
        await using var proxy = new FaultyProxy(server.Port);
        proxy.Stall();
        Options.IdleTimeoutSeconds = 1;
        using var store = new S3ObjectStore(server.Credentials(proxy.Url), Options, TimeProvider.System);

        var failure = await Assert.ThrowsAsync<ObjectStoreException>(() => store.CheckBucketAsync(BucketName, CancellationToken.None));

        Assert.Equal(ObjectStoreFault.Unavailable, failure.Fault);
        Assert.Contains("no byte moved for 1 s", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_part_is_read_once_and_in_order_while_it_is_sent()
    {
        using var file = File.OpenHandle(WriteFile(Content.Random(5 * Mebibyte)));
        var upload = await Store.CreateUploadAsync(BucketName, "once.ova", new Dictionary<string, string>(), CancellationToken.None);
        var moved = 0L;

        await Store.UploadPartAsync(upload, 1, file, new FileRange(0, 5 * Mebibyte), Count, CancellationToken.None);
        await Store.AbortAsync(upload, CancellationToken.None);

        Assert.Equal(5 * Mebibyte, moved);

        ValueTask Count(int bytes, CancellationToken cancellationToken)
        {
            moved += bytes;
            return ValueTask.CompletedTask;
        }
    }

    [Fact]
    public async Task Bytes_that_change_on_the_way_are_refused_by_the_server()
    {
        var path = WriteFile(Content.Random(5 * Mebibyte));
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        var upload = await Store.CreateUploadAsync(BucketName, "changed.ova", new Dictionary<string, string>(), CancellationToken.None);

        // The digest is signed already when the first bytes leave.
        var fault = await FaultOfAsync(() => Store.UploadPartAsync(upload, 1, file, new FileRange(0, 5 * Mebibyte), Flip, CancellationToken.None));
        await Store.AbortAsync(upload, CancellationToken.None);

        Assert.Equal(ObjectStoreFault.Unavailable, fault);

        async ValueTask Flip(int bytes, CancellationToken cancellationToken)
            => await RandomAccess.WriteAsync(file, new byte[] { 1, 2, 3, 4 }, (5 * Mebibyte) - 4, cancellationToken);
    }
}
