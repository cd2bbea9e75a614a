using System.Text.Json;
using ImageBackup.Core.ObjectStorage;
using ImageBackup.TestSupport;

namespace ImageBackup.Core.Tests.ObjectStorage;

/// <summary>The behavior of transfers with every store. The tests of each store derive from this class.</summary>
public abstract class ObjectTransferConformance : StoreTest
{
    /// <summary>Four parts, the last one short.</summary>
    protected static readonly byte[] Archive = Content.WithHoles((3 * PartSize) + 54_321, Mebibyte + 4096);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(PartSize)]
    [InlineData(PartSize + 1)]
    [InlineData((4 * PartSize) + 99)]
    public async Task An_uploaded_file_is_downloaded_byte_for_byte(int length)
    {
        var content = Content.WithHoles(length, Mebibyte);
        using var up = new RecordedProgress();
        using var down = new RecordedProgress();

        var stored = await Transfer.UploadAsync(Upload("größe 1.ova", content), up.ReportAsync, CancellationToken.None);
        Assert.Equal(length, stored.Size);
        up.AssertComplete(length);

        var path = Path.Combine(Directory, "fetched.ova");
        var fetched = await Transfer.DownloadAsync(Download("größe 1.ova", path), down.ReportAsync, CancellationToken.None);

        down.AssertComplete(length);
        Assert.Equal(Digests.Sha256(content), fetched.Sha256);
        Assert.Equal(new BackupMetadata(Digests.Sha256(content), "7", "Größe & Co. 日本", "img"), BackupMetadata.FromPairs(fetched.Stored.Metadata));
        Assert.Equal(content, await File.ReadAllBytesAsync(path));
        await AssertNothingLeftAsync();
    }

    [Fact]
    public async Task Holes_stay_holes()
    {
        var content = new byte[20 * Mebibyte];
        Content.Random(Mebibyte).CopyTo(content, 8 * Mebibyte);
        var source = Path.Combine(Directory, "source.ova");
        using (var file = NewFile(source))
        {
            RandomAccess.SetLength(file, content.Length);
            RandomAccess.Write(file, content.AsSpan(8 * Mebibyte, Mebibyte), 8 * Mebibyte);
        }

        await Transfer.UploadAsync(Upload("sparse.ova", content) with { FilePath = source }, Ignore, CancellationToken.None);
        var path = Path.Combine(Directory, "sparse.ova");

        await Transfer.DownloadAsync(Download("sparse.ova", path), Ignore, CancellationToken.None);

        using var stat = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("stat", ["-c", "%b", path]) { RedirectStandardOutput = true })!;
        var blocks = long.Parse(await stat.StandardOutput.ReadToEndAsync());
        Assert.InRange(blocks * 512, 1, 4 * Mebibyte);
        Assert.Equal(content, await File.ReadAllBytesAsync(path));
    }

    [Fact]
    public async Task A_listener_that_throws_fails_the_upload_and_leaves_nothing()
    {
        using var progress = new RecordedProgress { ThrowAt = Archive.Length / 2 };

        await Assert.ThrowsAsync<EmulatedException>(() => Transfer.UploadAsync(Upload("failed.ova", Archive), progress.ReportAsync, CancellationToken.None));

        await AssertNothingLeftAsync();
        Assert.Empty(await KeysAsync());
    }

    [Fact]
    public async Task A_listener_that_throws_fails_the_download_and_leaves_nothing()
    {
        await Transfer.UploadAsync(Upload("good.ova", Archive), Ignore, CancellationToken.None);
        using var progress = new RecordedProgress { ThrowAt = Archive.Length / 2 };
        var path = Path.Combine(Directory, "fetched.ova");

        await Assert.ThrowsAsync<EmulatedException>(() => Transfer.DownloadAsync(Download("good.ova", path), progress.ReportAsync, CancellationToken.None));

        await AssertNothingLeftAsync();
        Assert.False(File.Exists(path));
    }

    [Fact]
    public async Task A_canceled_upload_resumes_at_the_next_part()
    {
        UploadResume? saved = null;
        using var first = new RecordedProgress { CancelAt = 11 * Mebibyte };
        Options.ParallelParts = 1;
        var path = WriteFile(Archive);
        var upload = Upload("resumed.ova", Archive) with { FilePath = path, SaveResume = Save };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Transfer.UploadAsync(upload, first.ReportAsync, first.Token));
        Assert.Equal(["resumed.ova"], await UnfinishedAsync());

        using var second = new RecordedProgress();
        var resume = JsonSerializer.Deserialize<UploadResume>(JsonSerializer.Serialize(saved));
        await Transfer.UploadAsync(upload with { Resume = resume }, second.ReportAsync, CancellationToken.None);

        Assert.Equal(2 * PartSize, second.First);
        second.AssertComplete(Archive.Length);
        Assert.Equal(Archive, await GetAsync("resumed.ova"));
        await AssertNothingLeftAsync();

        Task Save(UploadResume state, CancellationToken cancellationToken)
        {
            saved = state;
            return Task.CompletedTask;
        }
    }

    [Fact]
    public async Task A_canceled_upload_that_is_abandoned_leaves_nothing()
    {
        using var progress = new RecordedProgress { CancelAt = Archive.Length / 2 };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Transfer.UploadAsync(Upload("abandoned.ova", Archive), progress.ReportAsync, progress.Token));

        await Bucket.AbandonUploadAsync("abandoned.ova", CancellationToken.None);
        await Bucket.AbandonUploadAsync("abandoned.ova", CancellationToken.None);

        await AssertNothingLeftAsync();
        Assert.Empty(await KeysAsync());
    }

    [Fact]
    public async Task An_upload_whose_earlier_run_is_gone_from_the_store_starts_again()
    {
        var upload = Upload("again.ova", Archive);
        var stale = new UploadResume(Guid.NewGuid().ToString("n"), 5 * Mebibyte, Archive.Length, File.GetLastWriteTimeUtc(upload.FilePath));
        await LeaveUnfinishedAsync("again.ova");

        await Transfer.UploadAsync(upload with { Resume = stale }, Ignore, CancellationToken.None);

        Assert.Equal(Archive, await GetAsync("again.ova"));
        await AssertNothingLeftAsync();
    }

    [Fact]
    public async Task An_upload_that_was_complete_before_a_crash_is_not_sent_again()
    {
        UploadResume? saved = null;
        var upload = Upload("complete.ova", Archive) with
        {
            SaveResume = (state, _) =>
            {
                saved = state;
                return Task.CompletedTask;
            },
        };
        var before = await Transfer.UploadAsync(upload, Ignore, CancellationToken.None);

        var after = await Transfer.UploadAsync(upload with { Resume = saved }, Ignore, CancellationToken.None);

        Assert.Equal(before.ETag, after.ETag);
        Assert.Equal(before.LastModified, after.LastModified);
    }

    [Fact]
    public async Task A_canceled_download_resumes_with_its_missing_bytes()
    {
        DownloadResume? saved = null;
        Options.ParallelParts = 1;
        await Transfer.UploadAsync(Upload("ranges.ova", Archive), Ignore, CancellationToken.None);
        var path = Path.Combine(Directory, "ranges.ova");
        using var first = new RecordedProgress { CancelAt = 7 * Mebibyte };
        var download = Download("ranges.ova", path) with { SaveResume = Save };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Transfer.DownloadAsync(download, first.ReportAsync, first.Token));
        Assert.True(File.Exists(download.PartialPath));

        using var second = new RecordedProgress();
        var resume = JsonSerializer.Deserialize<DownloadResume>(JsonSerializer.Serialize(saved));
        await Transfer.DownloadAsync(download with { Resume = resume }, second.ReportAsync, CancellationToken.None);

        Assert.InRange(second.First, 7 * Mebibyte, (2 * PartSize) - 1);
        second.AssertComplete(Archive.Length);
        Assert.Equal(Archive, await File.ReadAllBytesAsync(path));
        await AssertNothingLeftAsync();

        Task Save(DownloadResume state, CancellationToken cancellationToken)
        {
            saved = state;
            return Task.CompletedTask;
        }
    }

    [Fact]
    public async Task A_download_of_an_object_that_was_replaced_starts_again()
    {
        await Transfer.UploadAsync(Upload("replaced.ova", Archive), Ignore, CancellationToken.None);
        var path = Path.Combine(Directory, "replaced.ova");
        await File.WriteAllBytesAsync(path + ".partial", Content.Random(Archive.Length, seed: 9));
        var stale = new DownloadResume("another", Archive.Length, 5 * Mebibyte, Convert.ToBase64String([0b1111]));

        await Transfer.DownloadAsync(Download("replaced.ova", path) with { Resume = stale }, Ignore, CancellationToken.None);

        Assert.Equal(Archive, await File.ReadAllBytesAsync(path));
    }

    [Fact]
    public async Task An_object_with_an_unexpected_digest_is_refused_and_leaves_no_file()
    {
        await Transfer.UploadAsync(Upload("rotten.ova", Archive), Ignore, CancellationToken.None);
        var path = Path.Combine(Directory, "rotten.ova");
        var download = Download("rotten.ova", path) with { Sha256 = Digests.Sha256([1, 2, 3]) };

        var failure = await Assert.ThrowsAsync<ObjectStoreException>(() => Transfer.DownloadAsync(download, Ignore, CancellationToken.None));

        Assert.Equal(ObjectStoreError.Damaged, failure.Error);
        Assert.Contains(Digests.Sha256([1, 2, 3]), failure.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(path));
        await AssertNothingLeftAsync();
    }

    [Fact]
    public async Task A_missing_object_and_a_missing_bucket_fail_at_once()
    {
        var path = Path.Combine(Directory, "missing.ova");
        Assert.Equal(ObjectStoreError.NoObject, await ErrorOfAsync(() => Transfer.DownloadAsync(Download("missing.ova", path), Ignore, CancellationToken.None)));
        var nowhere = Upload("missing.ova", Archive) with { Bucket = new Bucket(Store, BucketName + "-not") };
        Assert.Equal(ObjectStoreError.NoBucket, await ErrorOfAsync(() => Transfer.UploadAsync(nowhere, Ignore, CancellationToken.None)));
        await AssertNothingLeftAsync();
    }

    protected ObjectUpload Upload(string key, byte[] content)
        => Upload(key, WriteFile(content), new BackupMetadata(Digests.Sha256(content), "7", "Größe & Co. 日本", "img"));

    protected ObjectDownload Download(string key, string path) => new()
    {
        Source = new BucketObject(Bucket, key),
        FilePath = path,
        SaveResume = (_, _) => Task.CompletedTask,
    };
}
