using System.Security.Cryptography;
using System.Text.Json;
using ImageBackup.Core.ObjectStorage;
using ImageBackup.Ova;
using ImageBackup.TestSupport;

namespace ImageBackup.Core.Tests.ObjectStorage;

/// <summary>What transfers do on every store.</summary>
public abstract class ObjectTransferConformance : StoreTest
{
    /// <summary>Three parts and a bit.</summary>
    protected static readonly byte[] Archive = Content.WithHoles((3 * 5 * Mebibyte) + 54_321, Mebibyte + 4096);

    protected static string Sha256(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5 * Mebibyte)]
    [InlineData((5 * Mebibyte) + 1)]
    [InlineData((4 * 5 * Mebibyte) + 99)]
    public async Task What_is_uploaded_comes_back_byte_for_byte(int length)
    {
        var content = Content.WithHoles(length, Mebibyte);
        using var up = new Progress();
        using var down = new Progress();

        var stored = await Transfer.UploadAsync(Upload("größe 1.ova", content), up.TellAsync, CancellationToken.None);
        Assert.Equal(length, stored.Size);
        up.AssertComplete(length);

        var path = Path.Combine(Directory, "fetched.ova");
        var fetched = await Transfer.DownloadAsync(Download("größe 1.ova", path), down.TellAsync, CancellationToken.None);

        down.AssertComplete(length);
        Assert.Equal(Sha256(content), fetched.Sha256);
        Assert.Equal(new BackupMetadata(Sha256(content), "7", "Größe & Co. 日本", "img"), BackupMetadata.FromPairs(fetched.Stored.Metadata));
        Assert.Equal(content, await File.ReadAllBytesAsync(path));
        await AssertNothingLeftAsync();
    }

    [Fact]
    public async Task Holes_stay_holes_on_the_way_back()
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
    public async Task A_listener_that_throws_fails_the_upload_and_nothing_is_left()
    {
        using var progress = new Progress { ThrowAt = Archive.Length / 2 };

        await Assert.ThrowsAsync<EmulatedFaultException>(() => Transfer.UploadAsync(Upload("failed.ova", Archive), progress.TellAsync, CancellationToken.None));

        await AssertNothingLeftAsync();
        Assert.Empty(await KeysAsync());
    }

    [Fact]
    public async Task A_listener_that_throws_fails_the_download_and_nothing_is_left()
    {
        await Transfer.UploadAsync(Upload("good.ova", Archive), Ignore, CancellationToken.None);
        using var progress = new Progress { ThrowAt = Archive.Length / 2 };
        var path = Path.Combine(Directory, "fetched.ova");

        await Assert.ThrowsAsync<EmulatedFaultException>(() => Transfer.DownloadAsync(Download("good.ova", path), progress.TellAsync, CancellationToken.None));

        await AssertNothingLeftAsync();
        Assert.False(File.Exists(path));
    }

    [Fact]
    public async Task A_cancelled_upload_is_resumed_at_the_next_part()
    {
        UploadResume? saved = null;
        using var first = new Progress { CancelAt = 11 * Mebibyte };
        Options.ParallelParts = 1;
        var path = WriteFile(Archive);
        var upload = Upload("resumed.ova", Archive) with { FilePath = path, SaveResume = Save };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Transfer.UploadAsync(upload, first.TellAsync, first.Token));
        Assert.Single(await Store.ListOpenUploadsAsync(BucketName, "", CancellationToken.None));

        using var second = new Progress();
        var resume = JsonSerializer.Deserialize<UploadResume>(JsonSerializer.Serialize(saved));
        await Transfer.UploadAsync(upload with { Resume = resume }, second.TellAsync, CancellationToken.None);

        Assert.Equal(10 * Mebibyte, second.First);
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
    public async Task A_cancelled_upload_that_is_abandoned_leaves_nothing()
    {
        using var progress = new Progress { CancelAt = Archive.Length / 2 };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Transfer.UploadAsync(Upload("abandoned.ova", Archive), progress.TellAsync, progress.Token));

        await Transfer.AbandonUploadAsync(Bucket, "abandoned.ova", CancellationToken.None);
        await Transfer.AbandonUploadAsync(Bucket, "abandoned.ova", CancellationToken.None);

        await AssertNothingLeftAsync();
        Assert.Empty(await KeysAsync());
    }

    [Fact]
    public async Task An_upload_whose_former_run_is_gone_from_the_store_starts_anew()
    {
        var upload = Upload("anew.ova", Archive);
        var stale = new UploadResume(Guid.NewGuid().ToString("n"), 5 * Mebibyte, Archive.Length, File.GetLastWriteTimeUtc(upload.FilePath));
        var forgotten = await Store.CreateUploadAsync(BucketName, "anew.ova", new Dictionary<string, string>(), CancellationToken.None);

        await Transfer.UploadAsync(upload with { Resume = stale }, Ignore, CancellationToken.None);

        Assert.Equal(Archive, await GetAsync("anew.ova"));
        Assert.Equal(ObjectStoreFault.NoUpload, await FaultOfAsync(() => Store.ListPartsAsync(forgotten, CancellationToken.None)));
        await AssertNothingLeftAsync();
    }

    [Fact]
    public async Task An_upload_that_was_complete_before_the_crash_is_not_sent_again()
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
    public async Task A_cancelled_download_goes_on_with_the_ranges_that_are_missing()
    {
        DownloadResume? saved = null;
        Options.ParallelParts = 1;
        await Transfer.UploadAsync(Upload("ranges.ova", Archive), Ignore, CancellationToken.None);
        var path = Path.Combine(Directory, "ranges.ova");
        using var first = new Progress { CancelAt = 7 * Mebibyte };
        var download = Download("ranges.ova", path) with { SaveResume = Save };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Transfer.DownloadAsync(download, first.TellAsync, first.Token));
        Assert.True(File.Exists(download.PartialPath));

        using var second = new Progress();
        var resume = JsonSerializer.Deserialize<DownloadResume>(JsonSerializer.Serialize(saved));
        await Transfer.DownloadAsync(download with { Resume = resume }, second.TellAsync, CancellationToken.None);

        Assert.Equal(5 * Mebibyte, second.First);
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
    public async Task A_download_of_an_object_that_was_replaced_starts_anew()
    {
        await Transfer.UploadAsync(Upload("replaced.ova", Archive), Ignore, CancellationToken.None);
        var path = Path.Combine(Directory, "replaced.ova");
        await File.WriteAllBytesAsync(path + ".partial", Content.Random(Archive.Length, seed: 9));
        var stale = new DownloadResume("another", Archive.Length, 5 * Mebibyte, Convert.ToBase64String([0b1111]));

        await Transfer.DownloadAsync(Download("replaced.ova", path) with { Resume = stale }, Ignore, CancellationToken.None);

        Assert.Equal(Archive, await File.ReadAllBytesAsync(path));
    }

    [Fact]
    public async Task An_object_with_another_digest_than_promised_is_refused_and_no_file_appears()
    {
        var metadata = new BackupMetadata(Sha256([1, 2, 3]), "7", null, null);
        await Transfer.UploadAsync(Upload("rotten.ova", Archive) with { Metadata = metadata }, Ignore, CancellationToken.None);
        var path = Path.Combine(Directory, "rotten.ova");

        var failure = await Assert.ThrowsAsync<ObjectStoreException>(() => Transfer.DownloadAsync(Download("rotten.ova", path), Ignore, CancellationToken.None));

        Assert.Equal(ObjectStoreFault.Damaged, failure.Fault);
        Assert.Contains(Sha256([1, 2, 3]), failure.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(path));
        await AssertNothingLeftAsync();
    }

    [Fact]
    public async Task A_missing_object_and_a_missing_bucket_fail_at_once()
    {
        var path = Path.Combine(Directory, "missing.ova");
        Assert.Equal(ObjectStoreFault.NoObject, await FaultOfAsync(() => Transfer.DownloadAsync(Download("missing.ova", path), Ignore, CancellationToken.None)));
        var nowhere = Upload("missing.ova", Archive) with { Bucket = new Bucket(Store, BucketName + "-not") };
        Assert.Equal(ObjectStoreFault.NoBucket, await FaultOfAsync(() => Transfer.UploadAsync(nowhere, Ignore, CancellationToken.None)));
        await AssertNothingLeftAsync();
    }

    protected ObjectUpload Upload(string key, byte[] content) => new()
    {
        Bucket = Bucket,
        Key = key,
        FilePath = WriteFile(content),
        Metadata = new BackupMetadata(Sha256(content), "7", "Größe & Co. 日本", "img"),
        SaveResume = (_, _) => Task.CompletedTask,
    };

    protected ObjectDownload Download(string key, string path) => new()
    {
        Bucket = Bucket,
        Key = key,
        FilePath = path,
        SaveResume = (_, _) => Task.CompletedTask,
    };

    /// <summary>A listener that remembers, and may throw or cancel on its way.</summary>
    protected sealed class Progress : IDisposable
    {
        private readonly CancellationTokenSource cancel = new();
        private readonly List<long> told = [];

        public long ThrowAt { get; init; } = long.MaxValue;

        public long CancelAt { get; init; } = long.MaxValue;

        public CancellationToken Token => cancel.Token;

        public long First => told[0];

        public OvaProgress TellAsync => async (bytesDone, cancellationToken) =>
        {
            told.Add(bytesDone);
            if (bytesDone >= ThrowAt)
            {
                throw new EmulatedFaultException();
            }

            if (bytesDone >= CancelAt)
            {
                await cancel.CancelAsync();
            }
        };

        public void Dispose() => cancel.Dispose();

        public void AssertComplete(long length)
        {
            Assert.Equal(length, told[^1]);
            Assert.Equal(told.Order(), told);
        }
    }

    protected sealed class EmulatedFaultException : Exception;
}
