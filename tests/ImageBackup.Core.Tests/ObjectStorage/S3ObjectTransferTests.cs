using ImageBackup.Core.ObjectStorage;
using ImageBackup.Core.ObjectStorage.S3;
using ImageBackup.TestSupport;
using Microsoft.Extensions.Logging.Abstractions;

namespace ImageBackup.Core.Tests.ObjectStorage;

/// <summary>Transfers with a real S3 server, and with network failures.</summary>
[Collection(SwiftCollection.Name)]
public sealed class S3ObjectTransferTests(SharedSwift swift) : ObjectTransferConformance
{
    private SwiftServer server = null!;
    private FaultyProxy proxy = null!; // Null when Swift is not installed.

    public override async ValueTask DisposeAsync()
    {
        await (proxy?.DisposeAsync() ?? ValueTask.CompletedTask);
        await base.DisposeAsync();
    }

    private S3UploadRequests Uploads => ((S3ObjectStore)Store).Uploads;

    protected override async Task<string> CreateBucketAsync()
    {
        server = await swift.ServerAsync();
        proxy = new FaultyProxy(server.Port);
        return await server.CreateBucketAsync();
    }

    protected override IObjectStore Open() => new S3ObjectStore(server.Credentials(proxy.Url), Options, TimeProvider.System, NullLogger.Instance);

    protected override async Task<IReadOnlyList<string>> UnfinishedAsync()
        => [.. (await Uploads.ListOpenAsync(BucketName, "", CancellationToken.None)).Select(upload => upload.Key)];

    protected override Task LeaveUnfinishedAsync(string key) => Uploads.CreateAsync(Upload(key, ""), CancellationToken.None);

    [Fact]
    public async Task A_server_that_stops_during_part_3_fails_the_upload_and_abandoning_it_later_leaves_nothing()
    {
        Options.ParallelParts = 1;
        Options.MaxAttempts = 2;
        using var progress = new RecordedProgress();
        proxy.GoDownAfter(12 * Mebibyte);

        Assert.Equal(ObjectStoreError.Unavailable, await ErrorOfAsync(() => Transfer.UploadAsync(Upload("gone.ova", Archive), progress.ReportAsync, CancellationToken.None)));

        proxy.Restore();
        var open = Assert.Single(await Uploads.ListOpenAsync(BucketName, "", CancellationToken.None));
        Assert.Equal([1, 2], (await Uploads.ListPartsAsync(open, CancellationToken.None)).Select(part => part.Number));
        await Bucket.AbandonUploadAsync("gone.ova", CancellationToken.None);
        await AssertNothingLeftAsync();
        Assert.Empty(await KeysAsync());
    }

    [Fact]
    public async Task An_upload_survives_a_server_that_stops_and_returns()
    {
        Options.MaxAttempts = 8;
        Options.RetryDelaySeconds = 0.2;
        using var progress = new RecordedProgress();
        proxy.GoDownAfter(12 * Mebibyte);
        var uploading = Transfer.UploadAsync(Upload("back.ova", Archive), progress.ReportAsync, CancellationToken.None);
        await UntilAsync(() => proxy.Cuts > 3);
        proxy.Restore();

        await uploading;

        progress.AssertComplete(Archive.Length);
        Assert.Equal(Archive, await GetAsync("back.ova"));
        await AssertNothingLeftAsync();
    }

    [Fact]
    public async Task A_lost_answer_to_the_completion_does_not_lose_the_object()
    {
        proxy.LoseAnswerTo(head => head.StartsWith("POST ", StringComparison.Ordinal) && head.Contains("uploadId=", StringComparison.Ordinal));

        var stored = await Transfer.UploadAsync(Upload("lost.ova", Archive), Ignore, CancellationToken.None);

        Assert.True(proxy.Cuts > 0);
        Assert.Equal(Archive.Length, stored.Size);
        Assert.Equal(Archive, await GetAsync("lost.ova"));
        await AssertNothingLeftAsync();
    }

    [Fact]
    public async Task An_upload_whose_first_answer_is_lost_is_not_left_open()
    {
        proxy.LoseAnswerTo(head => head.StartsWith("POST ", StringComparison.Ordinal) && head.Contains("?uploads", StringComparison.Ordinal));
        using var progress = new RecordedProgress { ThrowAt = 1 };

        await Assert.ThrowsAsync<EmulatedException>(() => Transfer.UploadAsync(Upload("orphan.ova", Archive), progress.ReportAsync, CancellationToken.None));

        Assert.True(proxy.Cuts > 0);
        await AssertNothingLeftAsync();
    }

    [Fact]
    public async Task A_download_survives_a_server_that_stops_and_returns()
    {
        Options.MaxAttempts = 8;
        Options.RetryDelaySeconds = 0.2;
        await Transfer.UploadAsync(Upload("down.ova", Archive), Ignore, CancellationToken.None);
        var path = Path.Combine(Directory, "down.ova");
        using var progress = new RecordedProgress();
        proxy.BytesPerSecond = 8 * Mebibyte;
        var downloading = Transfer.DownloadAsync(Download("down.ova", path), progress.ReportAsync, CancellationToken.None);
        await UntilAsync(() => File.Exists(path + ".partial"));
        await Task.Delay(200);
        proxy.GoDown();
        await UntilAsync(() => proxy.Cuts > 3);
        proxy.BytesPerSecond = 0;
        proxy.Restore();

        await downloading;

        progress.AssertComplete(Archive.Length);
        Assert.Equal(Archive, await File.ReadAllBytesAsync(path));
        await AssertNothingLeftAsync();
    }

    [Fact]
    public async Task A_download_from_a_server_that_does_not_return_leaves_no_file()
    {
        Options.MaxAttempts = 2;
        await Transfer.UploadAsync(Upload("away.ova", Archive), Ignore, CancellationToken.None);
        var path = Path.Combine(Directory, "away.ova");
        using var progress = new RecordedProgress();

        Assert.Equal(
            ObjectStoreError.Unavailable,
            await ErrorOfAsync(() => Transfer.DownloadAsync(Download("away.ova", path), DownAtHalf, CancellationToken.None)));

        proxy.Restore();
        Assert.False(File.Exists(path));
        await AssertNothingLeftAsync();

        ValueTask DownAtHalf(long bytesDone, CancellationToken cancellationToken)
        {
            if (bytesDone > Archive.Length / 2)
            {
                proxy.GoDown();
            }

            return progress.ReportAsync(bytesDone, cancellationToken);
        }
    }

    [Fact]
    public async Task A_slow_upload_does_not_time_out_while_bytes_move()
    {
        // The upload takes 8 seconds. The kernel's buffers hold bytes of one or two seconds.
        Options.IdleTimeoutSeconds = 4;
        Options.MaxAttempts = 1;
        Options.PartSizeMiB = 16;
        var content = Content.Random(16 * Mebibyte);
        proxy.BytesPerSecond = 2 * Mebibyte;

        await Transfer.UploadAsync(Upload("slow.ova", content), Ignore, CancellationToken.None);

        proxy.BytesPerSecond = 0;
        Assert.Equal(content, await GetAsync("slow.ova"));
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        var deadline = DateTime.UtcNow.AddSeconds(30);
        while (!condition())
        {
            Assert.True(DateTime.UtcNow < deadline, "The deadline passed.");
            await Task.Delay(10);
        }
    }
}
