using ImageBackup.Core.ObjectStorage;

namespace ImageBackup.Core.Tests.ObjectStorage;

public sealed class DirectoryObjectStoreTests : ObjectStoreConformance
{
    private string Root => Path.Combine(Directory, "cos");

    protected override Task<(IObjectStore Store, string Bucket)> OpenAsync()
    {
        System.IO.Directory.CreateDirectory(Path.Combine(Root, "bucket-1"));
        return Task.FromResult<(IObjectStore, string)>((new DirectoryObjectStore(Root), "bucket-1"));
    }

    [Theory]
    [InlineData("../outside")]
    [InlineData("a/../../outside")]
    [InlineData("/etc/outside")]
    [InlineData("a//b")]
    [InlineData(".")]
    [InlineData("")]
    [InlineData("nul\0")]
    [InlineData(".imagebackup/metadata/x")]
    public async Task Names_that_would_leave_the_bucket_are_refused(string key)
    {
        Assert.Equal(ObjectStoreFault.Refused, await FaultOfAsync(() => PutAsync(key, [1])));
        Assert.Equal(ObjectStoreFault.Refused, await FaultOfAsync(() => Store.HeadAsync(BucketName, key, CancellationToken.None)));
        Assert.Equal(ObjectStoreFault.Refused, await FaultOfAsync(() => Store.DeleteAsync(BucketName, key, CancellationToken.None)));
        Assert.Equal(ObjectStoreFault.Refused, await FaultOfAsync(() => Store.CreateUploadAsync(BucketName, key, new Dictionary<string, string>(), CancellationToken.None)));
    }

    [Theory]
    [InlineData("..")]
    [InlineData("../cos/bucket-1")]
    [InlineData("Bucket-1")]
    [InlineData("b")]
    [InlineData("bucket-1/")]
    [InlineData("bucket-1\n")]
    public async Task Names_that_no_bucket_can_have_are_unknown_buckets(string bucket)
        => Assert.Equal(ObjectStoreFault.NoBucket, await FaultOfAsync(() => Store.CheckBucketAsync(bucket, CancellationToken.None)));

    [Fact]
    public async Task A_link_out_of_the_bucket_is_not_followed()
    {
        var secret = Path.Combine(Directory, "secret");
        await File.WriteAllTextAsync(secret, "secret");
        File.CreateSymbolicLink(Path.Combine(Root, "bucket-1", "link.ova"), secret);
        System.IO.Directory.CreateSymbolicLink(Path.Combine(Root, "bucket-1", "links"), Directory);

        Assert.Equal(ObjectStoreFault.Refused, await FaultOfAsync(() => Store.HeadAsync(BucketName, "link.ova", CancellationToken.None)));
        Assert.Equal(ObjectStoreFault.Refused, await FaultOfAsync(() => Store.HeadAsync(BucketName, "links/secret", CancellationToken.None)));
        Assert.Equal(ObjectStoreFault.Refused, await FaultOfAsync(() => PutAsync("links/planted", [1])));
        Assert.Empty(await KeysAsync());
    }

    [Fact]
    public async Task A_file_laid_there_by_hand_is_an_object()
    {
        await File.WriteAllBytesAsync(Path.Combine(Root, "bucket-1", "by-hand.ova"), [7, 8]);

        var found = await Store.HeadAsync(BucketName, "by-hand.ova", CancellationToken.None);

        Assert.Equal(2, found.Size);
        Assert.Empty(found.Metadata);
        Assert.Equal([7, 8], await GetAsync("by-hand.ova"));
    }

    [Fact]
    public async Task Metadata_of_a_file_changed_by_hand_is_forgotten()
    {
        await PutAsync("object", [1, 2, 3], new() { ["sha256"] = "abc" });

        await File.WriteAllBytesAsync(Path.Combine(Root, "bucket-1", "object"), [1, 2, 4, 4]);

        Assert.Empty((await Store.HeadAsync(BucketName, "object", CancellationToken.None)).Metadata);
    }

    [Fact]
    public async Task Upload_ids_that_are_paths_are_unknown()
    {
        var upload = new OpenUpload(BucketName, "object", "../../..");

        Assert.Equal(ObjectStoreFault.NoUpload, await FaultOfAsync(() => Store.ListPartsAsync(upload, CancellationToken.None)));
        await Store.AbortAsync(upload, CancellationToken.None);

        Assert.True(System.IO.Directory.Exists(Root));
    }

    [Fact]
    public async Task Parts_with_a_gap_between_them_are_refused()
    {
        using var file = File.OpenHandle(WriteFile(new byte[100]));
        var upload = await Store.CreateUploadAsync(BucketName, "gap", new Dictionary<string, string>(), CancellationToken.None);
        var first = await Store.UploadPartAsync(upload, 1, file, new FileRange(0, 10), Ignore, CancellationToken.None);
        var second = await Store.UploadPartAsync(upload, 2, file, new FileRange(20, 10), Ignore, CancellationToken.None);

        Assert.Equal(ObjectStoreFault.Refused, await FaultOfAsync(() => Store.CompleteAsync(upload, [first, second], CancellationToken.None)));
        Assert.Equal(ObjectStoreFault.Refused, await FaultOfAsync(() => Store.CompleteAsync(upload, [first], CancellationToken.None)));
        Assert.Empty(await KeysAsync());
    }
}
