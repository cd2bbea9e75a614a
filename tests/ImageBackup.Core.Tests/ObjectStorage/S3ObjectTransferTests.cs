using ImageBackup.Core.ObjectStorage;
using ImageBackup.TestSupport;

namespace ImageBackup.Core.Tests.ObjectStorage;

/// <summary>The same on a real S3 server, and what only a network does.</summary>
[Collection(SwiftCollection.Name)]
public sealed class S3ObjectTransferTests(SharedSwift swift) : ObjectTransferConformance
{
    private FaultyProxy proxy = null!; // Null where Swift is not installed.

    public override async ValueTask DisposeAsync()
    {
        await (proxy?.DisposeAsync() ?? ValueTask.CompletedTask);
        await base.DisposeAsync();
    }

    protected override async Task<(IObjectStore Store, string Bucket)> OpenAsync()
    {
        var server = await swift.ServerAsync();
        proxy = new FaultyProxy(server.Port);
        return (new S3ObjectStore(server.Credentials(proxy.Url), Options, TimeProvider.System), await server.CreateBucketAsync());
    }

    [Fact]
    public async Task A_server_gone_in_the_middle_of_part_3_fails_the_upload_and_abandoning_it_later_leaves_nothing()
    {
        Options.ParallelParts = 1;
        Options.MaxAttempts = 2;
        using var progress = new Progress();
        proxy.GoDownAfter(12 * Mebibyte);

        Assert.Equal(ObjectStoreFault.Unavailable, await FaultOfAsync(() => Transfer.UploadAsync(Upload("gone.ova", Archive), progress.TellAsync, CancellationToken.None)));

        proxy.Restore();
        var open = Assert.Single(await Store.ListOpenUploadsAsync(BucketName, "", CancellationToken.None));
        Assert.Equal([1, 2], (await Store.ListPartsAsync(open, CancellationToken.None)).Select(part => part.Number));
        await Transfer.AbandonUploadAsync(Bucket, "gone.ova", CancellationToken.None);
        await AssertNothingLeftAsync();
        Assert.Empty(await KeysAsync());
    }

    [Fact]
    public async Task A_server_that_comes_back_in_time_is_hardly_noticed()
    {
        Options.MaxAttempts = 8;
        Options.RetryDelaySeconds = 0.2;
        using var progress = new Progress();
        proxy.GoDownAfter(12 * Mebibyte);
        var uploading = Transfer.UploadAsync(Upload("back.ova", Archive), progress.TellAsync, CancellationToken.None);
        await UntilAsync(() => proxy.Cuts > 3);
        proxy.Restore();

        await uploading;

        progress.AssertComplete(Archive.Length);
        Assert.Equal(Archive, await GetAsync("back.ova"));
        await AssertNothingLeftAsync();
    }

    [Fact]
    public async Task An_answer_to_the_completion_that_gets_lost_does_not_lose_the_object()
    {
        proxy.LoseAnswerTo(head => head.StartsWith("POST ", StringComparison.Ordinal) && head.Contains("uploadId=", StringComparison.Ordinal));

        var stored = await Transfer.UploadAsync(Upload("lost.ova", Archive), Ignore, CancellationToken.None);

        Assert.True(proxy.Cuts > 0);
        Assert.Equal(Archive.Length, stored.Size);
        Assert.Equal(Archive, await GetAsync("lost.ova"));
        await AssertNothingLeftAsync();
    }

    [Fact]
    public async Task An_upload_whose_start_was_never_answered_is_not_left_open()
    {
        proxy.LoseAnswerTo(head => head.StartsWith("POST ", StringComparison.Ordinal) && head.Contains("?uploads", StringComparison.Ordinal));
        using var progress = new Progress { ThrowAt = 1 };

        await Assert.ThrowsAsync<EmulatedFaultException>(() => Transfer.UploadAsync(Upload("orphan.ova", Archive), progress.TellAsync, CancellationToken.None));

        Assert.True(proxy.Cuts > 0);
        await AssertNothingLeftAsync();
    }

    [Fact]
    public async Task A_download_survives_a_server_that_goes_and_comes_back()
    {
        Options.MaxAttempts = 8;
        Options.RetryDelaySeconds = 0.2;
        await Transfer.UploadAsync(Upload("down.ova", Archive), Ignore, CancellationToken.None);
        var path = Path.Combine(Directory, "down.ova");
        using var progress = new Progress();
        proxy.BytesPerSecond = 8 * Mebibyte;
        var downloading = Transfer.DownloadAsync(Download("down.ova", path), progress.TellAsync, CancellationToken.None);
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
    public async Task A_download_from_a_server_that_stays_away_leaves_no_file()
    {
        Options.MaxAttempts = 2;
        await Transfer.UploadAsync(Upload("away.ova", Archive), Ignore, CancellationToken.None);
        var path = Path.Combine(Directory, "away.ova");
        using var progress = new Progress();

        Assert.Equal(
            ObjectStoreFault.Unavailable,
            await FaultOfAsync(() => Transfer.DownloadAsync(Download("away.ova", path), DownAtHalf, CancellationToken.None)));

        proxy.Restore();
        Assert.False(File.Exists(path));
        await AssertNothingLeftAsync();

        ValueTask DownAtHalf(long bytesDone, CancellationToken cancellationToken)
        {
            if (bytesDone > Archive.Length / 2)
            {
                proxy.GoDown();
            }

            return progress.TellAsync(bytesDone, cancellationToken);
        }
    }

    [Fact]
    public async Task A_slow_server_is_waited_for_as_long_as_bytes_move()
    {
        // A part takes longer than the idle time, but no second passes without bytes.
        Options.IdleTimeoutSeconds = 1;
        Options.MaxAttempts = 1;
        var content = Content.Random(6 * Mebibyte);
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
