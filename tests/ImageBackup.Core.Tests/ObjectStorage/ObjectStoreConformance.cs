using ImageBackup.Core.ObjectStorage;
using ImageBackup.TestSupport;

namespace ImageBackup.Core.Tests.ObjectStorage;

/// <summary>The behavior that every store has. The tests of each store derive from this class.</summary>
public abstract class ObjectStoreConformance : StoreTest
{
    [Fact]
    public async Task A_stored_object_comes_back_with_its_metadata()
    {
        var content = Content.WithHoles(300_000, 70_000);

        await PutAsync("backup_1.ova", content, new BackupMetadata(Digests.Sha256(content), "1", null, null));

        var found = await Store.HeadAsync(BucketName, "backup_1.ova", CancellationToken.None);
        Assert.Equal(content.Length, found.Size);
        Assert.Equal(Digests.Sha256(content), found.Metadata["sha256"]);
        Assert.Equal("1", found.Metadata["backup-id"]);
        Assert.InRange(found.LastModified, DateTime.UtcNow.AddMinutes(-5), DateTime.UtcNow.AddMinutes(5));
        Assert.Equal(content, await GetAsync("backup_1.ova"));
    }

    [Fact]
    public async Task An_empty_file_becomes_an_object()
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
    public async Task Names_are_not_changed(string key)
    {
        var stored = await PutAsync(key, [1, 2, 3]);

        Assert.Equal([key], await KeysAsync());
        Assert.Equal([1, 2, 3], await GetAsync(key));
        await Store.DeleteAsync(BucketName, key, stored.ETag, CancellationToken.None);
        Assert.Empty(await KeysAsync());
    }

    [Fact]
    public async Task A_list_is_sorted_by_bytes_and_contains_only_its_prefix()
    {
        foreach (var key in new[] { "b.ova", "a/2.ova", "a/1.ova", "B.ova", "a.ova", "é.ova" })
        {
            await PutAsync(key, [1]);
        }

        Assert.Equal(["B.ova", "a.ova", "a/1.ova", "a/2.ova", "b.ova", "é.ova"], await KeysAsync());
        Assert.Equal(["a/1.ova", "a/2.ova"], await KeysAsync("a/"));
    }

    [Fact]
    public async Task A_range_is_written_to_its_own_offset_and_nothing_else_is_changed()
    {
        var content = Content.Random(100_000);
        await PutAsync("object", content);
        var found = await Store.HeadAsync(BucketName, "object", CancellationToken.None);
        var path = Path.Combine(Directory, "target");
        using var progress = new RecordedProgress();

        using (var target = NewFile(path))
        {
            RandomAccess.SetLength(target, content.Length);
            await Store.GetRangeAsync(BucketName, "object", found.ETag, new FileRange(30_000, 20_000), target, progress.ReportAsync, CancellationToken.None);
        }

        var expected = new byte[content.Length];
        content.AsSpan(30_000, 20_000).CopyTo(expected.AsSpan(30_000));
        Assert.Equal(expected, await File.ReadAllBytesAsync(path));
        progress.AssertComplete(20_000);
    }

    [Fact]
    public async Task A_range_of_an_object_that_was_replaced_is_refused()
    {
        await PutAsync("object", Content.Random(1000, seed: 1));
        var former = await Store.HeadAsync(BucketName, "object", CancellationToken.None);
        await PutAsync("object", Content.Random(1000, seed: 2));

        using var target = NewFile(Path.Combine(Directory, "target"));
        var error = await ErrorOfAsync(() => Store.GetRangeAsync(BucketName, "object", former.ETag, new FileRange(0, 1000), target, Ignore, CancellationToken.None));

        Assert.Equal(ObjectStoreError.Changed, error);
    }

    [Fact]
    public async Task A_put_replaces_the_earlier_object_and_its_metadata()
    {
        await PutAsync("object", [1, 2, 3], new BackupMetadata(null, "1", null, null));
        await PutAsync("object", [4, 5], new BackupMetadata(null, null, "new", null));

        var found = await Store.HeadAsync(BucketName, "object", CancellationToken.None);
        Assert.Equal("new", found.Metadata["backup-name"]);
        Assert.DoesNotContain("backup-id", found.Metadata.Keys);
        Assert.Equal([4, 5], await GetAsync("object"));
    }

    [Fact]
    public async Task A_large_file_becomes_one_object_that_is_not_visible_before_it_is_complete()
    {
        var content = Content.WithHoles((2 * PartSize) + 12_345, Mebibyte + 17);
        var looks = 0;

        var stored = await Store.PutAsync(Upload("parts.ova", WriteFile(content), new BackupMetadata(Digests.Sha256(content), null, null, null)), PartSize, LookAsync, CancellationToken.None);

        Assert.True(looks > 0);
        Assert.Equal(content, await GetAsync("parts.ova"));
        Assert.Equal(stored.ETag, (await Store.HeadAsync(BucketName, "parts.ova", CancellationToken.None)).ETag);
        Assert.Equal(Digests.Sha256(content), (await Store.HeadAsync(BucketName, "parts.ova", CancellationToken.None)).Metadata["sha256"]);
        Assert.Equal(["parts.ova"], await KeysAsync());
        await AssertNothingLeftAsync();

        async ValueTask LookAsync(long bytesDone, CancellationToken cancellationToken)
        {
            if (bytesDone > PartSize && looks++ == 0)
            {
                Assert.Equal(["parts.ova"], await UnfinishedAsync());
                Assert.Empty(await KeysAsync());
            }
        }
    }

    [Fact]
    public async Task A_canceled_put_resumes_at_its_first_missing_part()
    {
        var content = Content.WithHoles((3 * PartSize) + 12_345, Mebibyte + 17);
        Options.ParallelParts = 1;
        var (upload, saved) = await CancelAsync("resumed.ova", content);

        using var progress = new RecordedProgress();
        await Store.PutAsync(upload with { Resume = saved }, PartSize, progress.ReportAsync, CancellationToken.None);

        Assert.Equal(PartSize, progress.First);
        progress.AssertComplete(content.Length);
        Assert.Equal(content, await GetAsync("resumed.ova"));
        await AssertNothingLeftAsync();
    }

    [Fact]
    public async Task An_abandoned_put_leaves_nothing_and_cannot_be_resumed()
    {
        var content = Content.Random((2 * PartSize) + 1);
        var (upload, saved) = await CancelAsync("abandoned.ova", content);

        await Store.AbandonPutAsync(BucketName, "abandoned.ova", CancellationToken.None);
        await Store.AbandonPutAsync(BucketName, "abandoned.ova", CancellationToken.None);

        await AssertNothingLeftAsync();
        Assert.Empty(await KeysAsync());
        using var progress = new RecordedProgress();
        await Store.PutAsync(upload with { Resume = saved }, PartSize, progress.ReportAsync, CancellationToken.None);
        Assert.Equal(0, progress.First);
        Assert.Equal(content, await GetAsync("abandoned.ova"));
    }

    [Fact]
    public async Task Abandoning_a_put_leaves_puts_of_other_keys_and_the_complete_object()
    {
        await PutAsync("kept.ova", [1, 2, 3]);
        await LeaveUnfinishedAsync("kept.ova");
        await LeaveUnfinishedAsync("kept.ova.gz");

        await Store.AbandonPutAsync(BucketName, "kept.ova", CancellationToken.None);

        Assert.Equal(["kept.ova.gz"], await UnfinishedAsync());
        Assert.Equal([1, 2, 3], await GetAsync("kept.ova"));
    }

    [Fact]
    public async Task A_deleted_object_is_gone_and_can_be_deleted_again()
    {
        var stored = await PutAsync("a/object", [1]);

        await Store.DeleteAsync(BucketName, "a/object", stored.ETag, CancellationToken.None);
        await Store.DeleteAsync(BucketName, "a/object", stored.ETag, CancellationToken.None);

        Assert.Equal(ObjectStoreError.NoObject, await ErrorOfAsync(() => Store.HeadAsync(BucketName, "a/object", CancellationToken.None)));
        Assert.Empty(await KeysAsync());
    }

    [Fact]
    public async Task An_unknown_bucket_is_named_with_its_endpoint_and_not_created()
    {
        var unknown = BucketName + "-not";

        var failure = await Assert.ThrowsAsync<ObjectStoreException>(() => Store.CheckBucketAsync(unknown, CancellationToken.None));

        Assert.Equal(ObjectStoreError.NoBucket, failure.Error);
        Assert.Equal(Errors.ErrorKind.BadRequest, failure.Kind);
        Assert.Contains(unknown, failure.Message, StringComparison.Ordinal);
        Assert.Contains(Store.Endpoint, failure.Message, StringComparison.Ordinal);
        Assert.Equal(ObjectStoreError.NoBucket, await ErrorOfAsync(() => Store.PutAsync(Upload("object", WriteFile([1])) with { Bucket = new Bucket(Store, unknown) }, PartSize, Ignore, CancellationToken.None)));
        Assert.Equal(ObjectStoreError.NoBucket, await ErrorOfAsync(() => Store.CheckBucketAsync(unknown, CancellationToken.None)));
        await Store.CheckBucketAsync(BucketName, CancellationToken.None);
    }

    [Fact]
    public async Task A_missing_object_is_a_404()
    {
        var failure = await Assert.ThrowsAsync<ObjectStoreException>(() => Store.HeadAsync(BucketName, "nowhere.ova", CancellationToken.None));

        Assert.Equal(ObjectStoreError.NoObject, failure.Error);
        Assert.Equal(Errors.ErrorKind.NotFound, failure.Kind);
        Assert.Contains("nowhere.ova", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_listener_that_throws_stops_a_put_with_its_own_exception()
    {
        using var progress = new RecordedProgress { ThrowAt = PartSize };

        await Assert.ThrowsAsync<EmulatedException>(
            () => Store.PutAsync(Upload("stopped.ova", WriteFile(Content.Random(2 * PartSize))), PartSize, progress.ReportAsync, CancellationToken.None));

        await AssertNothingLeftAsync();
        Assert.Empty(await KeysAsync());
    }

    [Fact]
    public async Task A_listener_that_throws_stops_a_range_with_its_own_exception()
    {
        await PutAsync("object", Content.Random(1000));
        var found = await Store.HeadAsync(BucketName, "object", CancellationToken.None);
        using var target = NewFile(Path.Combine(Directory, "target"));
        using var progress = new RecordedProgress { ThrowAt = 1 };

        await Assert.ThrowsAsync<EmulatedException>(
            () => Store.GetRangeAsync(BucketName, "object", found.ETag, new FileRange(0, 1000), target, progress.ReportAsync, CancellationToken.None));
    }

    /// <summary>Cancels a put after its first part.</summary>
    private async Task<(ObjectUpload Upload, UploadResume? Saved)> CancelAsync(string key, byte[] content)
    {
        UploadResume? saved = null;
        var upload = Upload(key, WriteFile(content)) with
        {
            SaveResume = (state, _) =>
            {
                saved = state;
                return Task.CompletedTask;
            },
        };
        using var progress = new RecordedProgress { CancelAt = PartSize + 1 };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.PutAsync(upload, PartSize, progress.ReportAsync, progress.Token));
        Assert.Equal([key], await UnfinishedAsync());
        return (upload, saved);
    }
}
