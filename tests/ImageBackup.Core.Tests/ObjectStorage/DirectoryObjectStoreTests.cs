using System.Text.Json;
using ImageBackup.Core.ObjectStorage;
using ImageBackup.TestSupport;

namespace ImageBackup.Core.Tests.ObjectStorage;

public sealed class DirectoryObjectStoreTests : ObjectStoreConformance
{
    private string Root => Path.Combine(Directory, "cos");

    protected override Task<string> CreateBucketAsync() => DirectoryStores.CreateBucketAsync(Root);

    protected override IObjectStore Open() => DirectoryStores.Open(Root);

    protected override Task<IReadOnlyList<string>> UnfinishedAsync() => DirectoryStores.UnfinishedAsync(Root, BucketName);

    protected override Task LeaveUnfinishedAsync(string key) => DirectoryStores.LeaveUnfinishedAsync(Root, BucketName, key);

    [Theory]
    [InlineData("../outside")]
    [InlineData("a/../../outside")]
    [InlineData("/etc/outside")]
    [InlineData("a//b")]
    [InlineData(".")]
    [InlineData("")]
    [InlineData("nul\0")]
    [InlineData(".imagebackup/metadata/x")]
    public async Task Names_that_lead_out_of_the_bucket_are_refused(string key)
    {
        Assert.Equal(ObjectStoreError.Refused, await ErrorOfAsync(() => PutAsync(key, [1])));
        Assert.Equal(ObjectStoreError.Refused, await ErrorOfAsync(() => Store.HeadAsync(BucketName, key, CancellationToken.None)));
        Assert.Equal(ObjectStoreError.Refused, await ErrorOfAsync(() => Store.DeleteAsync(BucketName, key, "etag", CancellationToken.None)));
        Assert.Equal(ObjectStoreError.Refused, await ErrorOfAsync(() => Store.PutAsync(Upload(key, WriteFile(new byte[2 * PartSize])), PartSize, Ignore, CancellationToken.None)));
    }

    [Fact]
    public async Task An_object_that_was_replaced_is_not_deleted()
    {
        var former = await PutAsync("archive.ova", [1]);
        await PutAsync("archive.ova", [2, 3]);

        Assert.Equal(ObjectStoreError.Changed, await ErrorOfAsync(() => Store.DeleteAsync(BucketName, "archive.ova", former.ETag, CancellationToken.None)));
        Assert.Equal([2, 3], await GetAsync("archive.ova"));
    }

    [Theory]
    [InlineData("..")]
    [InlineData("../cos/bucket-1")]
    [InlineData("Bucket-1")]
    [InlineData("b")]
    [InlineData("bucket-1/")]
    [InlineData("bucket-1\n")]
    public async Task Invalid_bucket_names_are_unknown_buckets(string bucket)
        => Assert.Equal(ObjectStoreError.NoBucket, await ErrorOfAsync(() => Store.CheckBucketAsync(bucket, CancellationToken.None)));

    [Fact]
    public async Task A_link_out_of_the_bucket_is_not_followed()
    {
        var secret = Path.Combine(Directory, "secret");
        await File.WriteAllTextAsync(secret, "secret");
        File.CreateSymbolicLink(Path.Combine(Root, "bucket-1", "link.ova"), secret);
        System.IO.Directory.CreateSymbolicLink(Path.Combine(Root, "bucket-1", "links"), Directory);

        Assert.Equal(ObjectStoreError.Refused, await ErrorOfAsync(() => Store.HeadAsync(BucketName, "link.ova", CancellationToken.None)));
        Assert.Equal(ObjectStoreError.Refused, await ErrorOfAsync(() => Store.HeadAsync(BucketName, "links/secret", CancellationToken.None)));
        Assert.Equal(ObjectStoreError.Refused, await ErrorOfAsync(() => PutAsync("links/planted", [1])));
        Assert.Empty(await KeysAsync());
    }

    [Fact]
    public async Task A_file_copied_into_the_directory_by_hand_is_an_object()
    {
        await File.WriteAllBytesAsync(Path.Combine(Root, "bucket-1", "by-hand.ova"), [7, 8]);

        var found = await Store.HeadAsync(BucketName, "by-hand.ova", CancellationToken.None);

        Assert.Equal(2, found.Size);
        Assert.Empty(found.Metadata);
        Assert.Equal([7, 8], await GetAsync("by-hand.ova"));
    }

    [Fact]
    public async Task Metadata_of_a_file_changed_by_hand_is_ignored()
    {
        await PutAsync("object", [1, 2, 3], new BackupMetadata(null, "7", null, null));

        await File.WriteAllBytesAsync(Path.Combine(Root, "bucket-1", "object"), [1, 2, 4, 4]);

        Assert.Empty((await Store.HeadAsync(BucketName, "object", CancellationToken.None)).Metadata);
    }

    [Theory]
    [InlineData("../../..")]
    [InlineData("")]
    [InlineData("0123456789abcdef0123456789abcdef")]
    public async Task Upload_ids_of_no_unfinished_put_are_ignored(string id)
    {
        var path = WriteFile([1, 2, 3]);
        var resume = new UploadResume(id, PartSize, 3, File.GetLastWriteTimeUtc(path));

        await Store.PutAsync(Upload("object", path) with { Resume = resume }, PartSize, Ignore, CancellationToken.None);

        Assert.Equal([1, 2, 3], await GetAsync("object"));
        Assert.True(File.Exists(path));
    }

    [Fact]
    public async Task A_put_of_another_key_is_not_resumed()
    {
        var (id, _) = await InterruptedAsync("other.ova", data: new byte[100], bytesOnDisk: 100);
        var path = WriteFile(Content.Random(100));

        await Store.PutAsync(Upload("object", path) with { Resume = new UploadResume(id, PartSize, 100, File.GetLastWriteTimeUtc(path)) }, PartSize, Ignore, CancellationToken.None);

        Assert.Equal(Content.Random(100), await GetAsync("object"));
        Assert.Equal(["other.ova"], await UnfinishedAsync());
    }

    [Fact]
    public async Task Bytes_behind_the_recorded_ones_do_not_show_through_holes_of_the_file()
    {
        var content = Content.Random(Mebibyte).Concat(new byte[2 * Mebibyte]).Concat(Content.Random(Mebibyte, seed: 2)).ToArray();
        var path = Path.Combine(Directory, "sparse.ova");
        using (var file = NewFile(path))
        {
            RandomAccess.Write(file, content.AsSpan(0, Mebibyte), 0);
            RandomAccess.Write(file, content.AsSpan(3 * Mebibyte), 3 * Mebibyte);
        }

        var (id, _) = await InterruptedAsync("sparse.ova", [.. content[..Mebibyte], .. Content.Random(3 * Mebibyte, seed: 3)], Mebibyte);
        using var progress = new RecordedProgress();

        await Store.PutAsync(
            Upload("sparse.ova", path) with { Resume = new UploadResume(id, PartSize, content.Length, File.GetLastWriteTimeUtc(path)) }, PartSize, progress.ReportAsync, CancellationToken.None);

        Assert.Equal(Mebibyte, progress.First);
        Assert.Equal(content, await GetAsync("sparse.ova"));
        await AssertNothingLeftAsync();
    }

    [Fact]
    public async Task A_put_whose_data_is_shorter_than_recorded_is_not_resumed()
    {
        var content = Content.Random(Mebibyte);
        var (id, _) = await InterruptedAsync("short.ova", content[..1000], Mebibyte);
        var path = WriteFile(content);

        await Store.PutAsync(Upload("short.ova", path) with { Resume = new UploadResume(id, PartSize, Mebibyte, File.GetLastWriteTimeUtc(path)) }, PartSize, Ignore, CancellationToken.None);

        Assert.Equal(content, await GetAsync("short.ova"));
        await AssertNothingLeftAsync();
    }

    [Fact]
    public async Task An_upload_that_the_previous_release_left_open_is_completed()
    {
        var content = Content.Random((2 * PartSize) + 1);
        var (id, directory) = await InterruptedAsync("old.ova", [.. content[..PartSize], .. new byte[100]], 0);
        await File.WriteAllTextAsync(Path.Combine(directory, "upload.json"), """{"Key":"old.ova","Metadata":{"sha256":"abc"}}""");
        await File.WriteAllTextAsync(Path.Combine(directory, "part-00001.json"), """{"Number":1,"Offset":0,"Size":5242880,"ETag":"e"}""");
        var path = WriteFile(content);

        await Transfer.UploadAsync(Upload("old.ova", path) with { Resume = new UploadResume(id, PartSize, content.Length, File.GetLastWriteTimeUtc(path)) }, Ignore, CancellationToken.None);

        Assert.Equal(content, await GetAsync("old.ova"));
        await AssertNothingLeftAsync();
    }

    [Fact]
    public async Task A_put_that_another_put_of_its_key_has_removed_fails()
    {
        var path = WriteFile(Content.Random(2 * PartSize));

        var error = await ErrorOfAsync(() => Store.PutAsync(Upload("taken.ova", path), PartSize, TakeAsync, CancellationToken.None));

        Assert.Equal(ObjectStoreError.NoUpload, error);
        Assert.Equal([1, 2, 3], await GetAsync("taken.ova"));
        await AssertNothingLeftAsync();

        async ValueTask TakeAsync(long bytesDone, CancellationToken cancellationToken)
        {
            if (bytesDone == PartSize)
            {
                await PutAsync("taken.ova", [1, 2, 3]);
            }
        }
    }

    /// <summary>Leaves an unfinished put with this data.</summary>
    private async Task<(string Id, string Directory)> InterruptedAsync(string key, byte[] data, long bytesOnDisk)
    {
        var id = Guid.NewGuid().ToString("n");
        var directory = System.IO.Directory.CreateDirectory(Path.Combine(Root, BucketName, ".imagebackup", "uploads", id)).FullName;
        await File.WriteAllBytesAsync(Path.Combine(directory, "data"), data);
        await File.WriteAllTextAsync(Path.Combine(directory, "upload.json"), JsonSerializer.Serialize(new { Key = key, BytesOnDisk = bytesOnDisk }));
        return (id, directory);
    }
}
