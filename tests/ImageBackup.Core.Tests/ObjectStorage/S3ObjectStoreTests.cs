using ImageBackup.Core.ObjectStorage;
using ImageBackup.Core.ObjectStorage.S3;
using ImageBackup.TestSupport;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Win32.SafeHandles;

namespace ImageBackup.Core.Tests.ObjectStorage;

[Collection(SwiftCollection.Name)]
public sealed class S3ObjectStoreTests(SharedSwift swift) : ObjectStoreConformance
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

    [Theory]
    [InlineData(SwiftServer.AccessKey, "wrong")]
    [InlineData("nobody:here", SwiftServer.SecretKey)]
    public async Task Wrong_keys_are_reported_as_such_and_not_repeated(string accessKey, string secretKey)
    {
        using var store = new S3ObjectStore(server.Credentials() with { AccessKey = accessKey, SecretKey = secretKey }, Options, TimeProvider.System, NullLogger.Instance);

        var failure = await Assert.ThrowsAsync<ObjectStoreException>(() => store.CheckBucketAsync(BucketName, CancellationToken.None));

        Assert.Equal(ObjectStoreError.NoAccess, failure.Error);
        Assert.Equal(Errors.ErrorKind.BadRequest, failure.Kind);
        Assert.Contains(BucketName, failure.Message, StringComparison.Ordinal);
        Assert.Contains(store.Endpoint, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(secretKey, failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_does_not_exist_is_unavailable()
    {
        var url = $"http://127.0.0.1:{FreePorts.Take(1)[0]}";
        using var store = new S3ObjectStore(server.Credentials(url), Options, TimeProvider.System, NullLogger.Instance);

        var failure = await Assert.ThrowsAsync<ObjectStoreException>(() => store.CheckBucketAsync(BucketName, CancellationToken.None));

        Assert.Equal(ObjectStoreError.Unavailable, failure.Error);
        Assert.Equal(Errors.ErrorKind.Unavailable, failure.Kind);
        Assert.Contains(url, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_to_a_silent_server_fails_after_the_idle_timeout()
    {
        await using var proxy = new FaultyProxy(server.Port);
        proxy.Stall();
        Options.IdleTimeoutSeconds = 1;
        using var store = new S3ObjectStore(server.Credentials(proxy.Url), Options, TimeProvider.System, NullLogger.Instance);

        var failure = await Assert.ThrowsAsync<ObjectStoreException>(() => store.CheckBucketAsync(BucketName, CancellationToken.None));

        Assert.Equal(ObjectStoreError.Unavailable, failure.Error);
        Assert.Contains("no byte moved for 1 s", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Parts_are_joined_in_order()
    {
        var content = Content.WithHoles((2 * PartSize) + 12_345, Mebibyte + 17);
        using var file = File.OpenHandle(WriteFile(content));
        var upload = await Uploads.CreateAsync(Upload("parts.ova", "", new BackupMetadata("def", null, null, null)), CancellationToken.None);

        var third = await SendAsync(upload, 3, file, new FileRange(2 * PartSize, 12_345));
        var first = await SendAsync(upload, 1, file, new FileRange(0, PartSize));
        var second = await SendAsync(upload, 2, file, new FileRange(PartSize, PartSize));
        Assert.Equal([first, second, third], await Uploads.ListPartsAsync(upload, CancellationToken.None));
        Assert.Equal([upload], await Uploads.ListOpenAsync(BucketName, "parts", CancellationToken.None));
        Assert.Empty(await KeysAsync());
        await Uploads.CompleteAsync(upload, [first, second, third], CancellationToken.None);

        Assert.Equal(content, await GetAsync("parts.ova"));
        Assert.Equal("def", (await Store.HeadAsync(BucketName, "parts.ova", CancellationToken.None)).Metadata["sha256"]);
        Assert.Equal(["parts.ova"], await KeysAsync());
        await AssertNothingLeftAsync();
    }

    [Fact]
    public async Task A_part_that_is_sent_again_replaces_the_former_one()
    {
        var right = Content.WithHoles(6 * Mebibyte, Mebibyte, seed: 2);
        using var wrongFile = File.OpenHandle(WriteFile(Content.Random(6 * Mebibyte, seed: 1)));
        using var rightFile = File.OpenHandle(WriteFile(right));
        var upload = await Uploads.CreateAsync(Upload("again.ova", ""), CancellationToken.None);
        await SendAsync(upload, 1, wrongFile, new FileRange(0, PartSize));

        var first = await SendAsync(upload, 1, rightFile, new FileRange(0, PartSize));
        var second = await SendAsync(upload, 2, rightFile, new FileRange(PartSize, Mebibyte));
        await Uploads.CompleteAsync(upload, [first, second], CancellationToken.None);

        Assert.Equal(right, await GetAsync("again.ova"));
    }

    [Fact]
    public async Task An_aborted_upload_leaves_nothing_and_accepts_no_more_parts()
    {
        using var file = File.OpenHandle(WriteFile(Content.Random(6 * Mebibyte)));
        var upload = await Uploads.CreateAsync(Upload("aborted.ova", ""), CancellationToken.None);
        var part = await SendAsync(upload, 1, file, new FileRange(0, PartSize));

        await Uploads.AbortAsync(upload, CancellationToken.None);
        await Uploads.AbortAsync(upload, CancellationToken.None);

        await AssertNothingLeftAsync();
        Assert.Empty(await KeysAsync());
        Assert.Equal(ObjectStoreError.NoUpload, await ErrorOfAsync(() => Uploads.ListPartsAsync(upload, CancellationToken.None)));
        Assert.Equal(ObjectStoreError.NoUpload, await ErrorOfAsync(() => Uploads.CompleteAsync(upload, [part], CancellationToken.None)));
        Assert.Equal(ObjectStoreError.NoUpload, await ErrorOfAsync(() => SendAsync(upload, 2, file, new FileRange(PartSize, Mebibyte))));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_deletion_says_whether_the_bucket_keeps_the_bytes(bool keepsVersions)
    {
        if (keepsVersions)
        {
            await server.KeepVersionsAsync(BucketName);
        }

        var stored = await PutAsync("object.ova", [1, 2, 3]);

        Assert.Equal(keepsVersions, await Store.DeleteAsync(BucketName, "object.ova", stored.ETag, CancellationToken.None));
        Assert.Null(await Bucket.FindAsync("object.ova", CancellationToken.None));
    }

    [Fact]
    public async Task A_part_reports_each_sent_byte_once()
    {
        using var file = File.OpenHandle(WriteFile(Content.Random(PartSize)));
        var upload = await Uploads.CreateAsync(Upload("once.ova", ""), CancellationToken.None);
        using var progress = new RecordedProgress();

        await Uploads.SendPartAsync(upload, file, await HashAsync(1, file, new FileRange(0, PartSize)), progress.ReportAsync, CancellationToken.None);

        progress.AssertComplete(PartSize);
    }

    [Fact]
    public async Task Bytes_that_change_after_their_digest_was_computed_are_refused_at_once()
    {
        using var file = File.OpenHandle(WriteFile(Content.Random(PartSize)), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        var upload = await Uploads.CreateAsync(Upload("changed.ova", ""), CancellationToken.None);
        var part = await HashAsync(1, file, new FileRange(0, PartSize));

        await Assert.ThrowsAsync<FileChangedException>(() => Uploads.SendPartAsync(upload, file, part, ChangeAsync, CancellationToken.None));

        Assert.Empty(await Uploads.ListPartsAsync(upload, CancellationToken.None));

        async ValueTask ChangeAsync(long bytes, CancellationToken cancellationToken)
            => await RandomAccess.WriteAsync(file, new byte[] { 1, 2, 3, 4 }, PartSize - 4, cancellationToken);
    }

    private async Task<UploadedPart> SendAsync(OpenUpload upload, int number, SafeFileHandle file, FileRange range)
        => await Uploads.SendPartAsync(upload, file, await HashAsync(number, file, range), Ignore, CancellationToken.None);

    private static async Task<HashedPart> HashAsync(int number, SafeFileHandle file, FileRange range)
        => new(number, range, await RangeHash.Md5Async(file, range, CancellationToken.None));
}
