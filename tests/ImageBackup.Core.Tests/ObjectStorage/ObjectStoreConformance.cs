using ImageBackup.Core.ObjectStorage;
using ImageBackup.TestSupport;

namespace ImageBackup.Core.Tests.ObjectStorage;

/// <summary>What every store does alike; each store's tests derive from it.</summary>
public abstract class ObjectStoreConformance : StoreTest
{
    private static readonly Dictionary<string, string> NoMetadata = [];

    [Fact]
    public async Task A_stored_object_comes_back_with_its_metadata()
    {
        var content = Content.WithHoles(300_000, 70_000);

        await PutAsync("backup_1.ova", content, new() { ["sha256"] = "abc", ["backup-id"] = "1" });

        var found = await Store.HeadAsync(BucketName, "backup_1.ova", CancellationToken.None);
        Assert.Equal(content.Length, found.Size);
        Assert.Equal("abc", found.Metadata["sha256"]);
        Assert.Equal("1", found.Metadata["backup-id"]);
        Assert.InRange(found.LastModified, DateTime.UtcNow.AddMinutes(-5), DateTime.UtcNow.AddMinutes(5));
        Assert.Equal(content, await GetAsync("backup_1.ova"));
    }

    [Fact]
    public async Task An_object_of_no_bytes_is_an_object()
    {
        await PutAsync("empty.ova", []);

        Assert.Equal(0, (await Store.HeadAsync(BucketName, "empty.ova", CancellationToken.None)).Size);
        Assert.Equal(["empty.ova"], await KeysAsync());
    }

    [Theory]
    [InlineData("with blanks  in it.ova")]
    [InlineData("größe-日本語-🙂.ova")]
    [InlineData("a+b&c=d%20e'f\"g#h?i;j.ova")]
    [InlineData("folder/and another/deep.ova.gz")]
    public async Task Names_come_back_as_they_were(string key)
    {
        await PutAsync(key, [1, 2, 3]);

        Assert.Equal([key], await KeysAsync());
        Assert.Equal([1, 2, 3], await GetAsync(key));
        await Store.DeleteAsync(BucketName, key, CancellationToken.None);
        Assert.Empty(await KeysAsync());
    }

    [Fact]
    public async Task A_list_is_sorted_by_bytes_and_keeps_to_its_prefix()
    {
        foreach (var key in new[] { "b.ova", "a/2.ova", "a/1.ova", "B.ova", "a.ova", "é.ova" })
        {
            await PutAsync(key, [1]);
        }

        Assert.Equal(["B.ova", "a.ova", "a/1.ova", "a/2.ova", "b.ova", "é.ova"], await KeysAsync());
        Assert.Equal(["a/1.ova", "a/2.ova"], await KeysAsync("a/"));
    }

    [Fact]
    public async Task A_range_is_written_to_its_own_place_and_nothing_else_is_touched()
    {
        var content = Content.Random(100_000);
        await PutAsync("object", content);
        var found = await Store.HeadAsync(BucketName, "object", CancellationToken.None);
        var path = Path.Combine(Directory, "target");
        var moved = 0;

        using (var target = NewFile(path))
        {
            RandomAccess.SetLength(target, content.Length);
            await Store.GetRangeAsync(BucketName, "object", found.ETag, new FileRange(30_000, 20_000), target, Count, CancellationToken.None);
        }

        var expected = new byte[content.Length];
        content.AsSpan(30_000, 20_000).CopyTo(expected.AsSpan(30_000));
        Assert.Equal(expected, await File.ReadAllBytesAsync(path));
        Assert.Equal(20_000, moved);

        ValueTask Count(int bytes, CancellationToken cancellationToken)
        {
            moved += bytes;
            return ValueTask.CompletedTask;
        }
    }

    [Fact]
    public async Task A_range_of_an_object_that_was_replaced_is_refused()
    {
        await PutAsync("object", Content.Random(1000, seed: 1));
        var former = await Store.HeadAsync(BucketName, "object", CancellationToken.None);
        await PutAsync("object", Content.Random(1000, seed: 2));

        using var target = NewFile(Path.Combine(Directory, "target"));
        var fault = await FaultOfAsync(() => Store.GetRangeAsync(BucketName, "object", former.ETag, new FileRange(0, 1000), target, Ignore, CancellationToken.None));

        Assert.Equal(ObjectStoreFault.Changed, fault);
    }

    [Fact]
    public async Task A_put_replaces_the_former_object_and_its_metadata()
    {
        await PutAsync("object", [1, 2, 3], new() { ["sha256"] = "former", ["backup-id"] = "1" });
        await PutAsync("object", [4, 5], new() { ["sha256"] = "new" });

        var found = await Store.HeadAsync(BucketName, "object", CancellationToken.None);
        Assert.Equal("new", found.Metadata["sha256"]);
        Assert.DoesNotContain("backup-id", found.Metadata.Keys);
        Assert.Equal([4, 5], await GetAsync("object"));
    }

    [Fact]
    public async Task Parts_become_one_object_in_their_order()
    {
        var content = Content.WithHoles((2 * 5 * Mebibyte) + 12_345, Mebibyte + 17);
        using var file = File.OpenHandle(WriteFile(content));
        var upload = await Store.CreateUploadAsync(BucketName, "parts.ova", new Dictionary<string, string> { ["sha256"] = "def" }, CancellationToken.None);

        var third = await Store.UploadPartAsync(upload, 3, file, new FileRange(10 * Mebibyte, 12_345), Ignore, CancellationToken.None);
        var first = await Store.UploadPartAsync(upload, 1, file, new FileRange(0, 5 * Mebibyte), Ignore, CancellationToken.None);
        var second = await Store.UploadPartAsync(upload, 2, file, new FileRange(5 * Mebibyte, 5 * Mebibyte), Ignore, CancellationToken.None);
        Assert.Equal([first, second, third], await Store.ListPartsAsync(upload, CancellationToken.None));
        Assert.Equal([upload], await Store.ListOpenUploadsAsync(BucketName, "parts", CancellationToken.None));
        Assert.Empty(await KeysAsync());
        await Store.CompleteAsync(upload, [first, second, third], CancellationToken.None);

        Assert.Equal(content, await GetAsync("parts.ova"));
        Assert.Equal("def", (await Store.HeadAsync(BucketName, "parts.ova", CancellationToken.None)).Metadata["sha256"]);
        await AssertNothingLeftAsync();
        Assert.Equal(["parts.ova"], await KeysAsync());
    }

    [Fact]
    public async Task A_part_that_is_sent_again_replaces_its_former_self()
    {
        var wrong = Content.Random(6 * Mebibyte, seed: 1);
        var right = Content.WithHoles(6 * Mebibyte, Mebibyte, seed: 2);
        using var wrongFile = File.OpenHandle(WriteFile(wrong));
        using var rightFile = File.OpenHandle(WriteFile(right));
        var upload = await Store.CreateUploadAsync(BucketName, "again.ova", NoMetadata, CancellationToken.None);
        await Store.UploadPartAsync(upload, 1, wrongFile, new FileRange(0, 5 * Mebibyte), Ignore, CancellationToken.None);

        var first = await Store.UploadPartAsync(upload, 1, rightFile, new FileRange(0, 5 * Mebibyte), Ignore, CancellationToken.None);
        var second = await Store.UploadPartAsync(upload, 2, rightFile, new FileRange(5 * Mebibyte, Mebibyte), Ignore, CancellationToken.None);
        await Store.CompleteAsync(upload, [first, second], CancellationToken.None);

        Assert.Equal(right, await GetAsync("again.ova"));
    }

    [Fact]
    public async Task An_aborted_upload_leaves_nothing_and_takes_no_more_parts()
    {
        using var file = File.OpenHandle(WriteFile(Content.Random(6 * Mebibyte)));
        var upload = await Store.CreateUploadAsync(BucketName, "aborted.ova", NoMetadata, CancellationToken.None);
        var part = await Store.UploadPartAsync(upload, 1, file, new FileRange(0, 5 * Mebibyte), Ignore, CancellationToken.None);

        await Store.AbortAsync(upload, CancellationToken.None);
        await Store.AbortAsync(upload, CancellationToken.None);

        await AssertNothingLeftAsync();
        Assert.Empty(await KeysAsync());
        Assert.Equal(ObjectStoreFault.NoUpload, await FaultOfAsync(() => Store.ListPartsAsync(upload, CancellationToken.None)));
        Assert.Equal(ObjectStoreFault.NoUpload, await FaultOfAsync(() => Store.CompleteAsync(upload, [part], CancellationToken.None)));
        Assert.Equal(
            ObjectStoreFault.NoUpload,
            await FaultOfAsync(() => Store.UploadPartAsync(upload, 2, file, new FileRange(5 * Mebibyte, Mebibyte), Ignore, CancellationToken.None)));
    }

    [Fact]
    public async Task What_is_deleted_is_gone_and_may_be_deleted_again()
    {
        await PutAsync("a/object", [1]);

        await Store.DeleteAsync(BucketName, "a/object", CancellationToken.None);
        await Store.DeleteAsync(BucketName, "a/object", CancellationToken.None);

        Assert.Equal(ObjectStoreFault.NoObject, await FaultOfAsync(() => Store.HeadAsync(BucketName, "a/object", CancellationToken.None)));
        Assert.Empty(await KeysAsync());
    }

    [Fact]
    public async Task An_unknown_bucket_is_named_with_its_endpoint_and_not_made()
    {
        var unknown = BucketName + "-not";

        var failure = await Assert.ThrowsAsync<ObjectStoreException>(() => Store.CheckBucketAsync(unknown, CancellationToken.None));

        Assert.Equal(ObjectStoreFault.NoBucket, failure.Fault);
        Assert.Equal(Errors.ErrorKind.BadRequest, failure.Kind);
        Assert.Contains(unknown, failure.Message, StringComparison.Ordinal);
        Assert.Contains(Store.Endpoint, failure.Message, StringComparison.Ordinal);
        Assert.Equal(ObjectStoreFault.NoBucket, await FaultOfAsync(() => Store.CreateUploadAsync(unknown, "object", NoMetadata, CancellationToken.None)));
        Assert.Equal(ObjectStoreFault.NoBucket, await FaultOfAsync(() => Store.CheckBucketAsync(unknown, CancellationToken.None)));
        await Store.CheckBucketAsync(BucketName, CancellationToken.None);
    }

    [Fact]
    public async Task A_missing_object_is_a_404()
    {
        var failure = await Assert.ThrowsAsync<ObjectStoreException>(() => Store.HeadAsync(BucketName, "nowhere.ova", CancellationToken.None));

        Assert.Equal(ObjectStoreFault.NoObject, failure.Fault);
        Assert.Equal(Errors.ErrorKind.NotFound, failure.Kind);
        Assert.Contains("nowhere.ova", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_listener_that_throws_stops_a_part_with_its_own_failure()
    {
        using var file = File.OpenHandle(WriteFile(Content.Random(5 * Mebibyte)));
        var upload = await Store.CreateUploadAsync(BucketName, "stopped.ova", NoMetadata, CancellationToken.None);

        await Assert.ThrowsAsync<InvalidTimeZoneException>(
            () => Store.UploadPartAsync(upload, 1, file, new FileRange(0, 5 * Mebibyte), (_, _) => throw new InvalidTimeZoneException(), CancellationToken.None));

        await Store.AbortAsync(upload, CancellationToken.None);
    }
}
