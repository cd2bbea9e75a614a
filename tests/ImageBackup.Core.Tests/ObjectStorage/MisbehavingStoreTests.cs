using ImageBackup.Core.ObjectStorage;
using ImageBackup.Core.ObjectStorage.S3;
using ImageBackup.TestSupport;
using Microsoft.Extensions.Logging.Abstractions;

namespace ImageBackup.Core.Tests.ObjectStorage;

/// <summary>Transfers with a real S3 server behind a proxy that misbehaves, without TLS and with it.</summary>
public abstract class MisbehavingStoreTests(SharedSwift swift, bool overTls) : StoreTest
{
    private const int Parts = 4;

    private static readonly byte[] Archive = Content.Random(((Parts - 1) * PartSize) + 54_321);

    private readonly TestCertificates certificates = new();
    private SwiftServer server = null!;
    private S3FaultProxy proxy = null!; // Null when Swift is not installed.

    public override async ValueTask DisposeAsync()
    {
        await (proxy?.DisposeAsync() ?? ValueTask.CompletedTask);
        certificates.Dispose();
        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private S3UploadRequests Uploads => ((S3ObjectStore)Store).Uploads;

    protected override async Task<string> CreateBucketAsync()
    {
        server = await swift.ServerAsync();
        proxy = await S3FaultProxy.StartAsync(server.Port, overTls ? certificates : null);
        Options.CaFile = overTls ? Path.Combine(Directory, "private-ca.pem") : null;
        if (Options.CaFile is not null)
        {
            await File.WriteAllTextAsync(Options.CaFile, certificates.AuthorityPem);
        }

        return await server.CreateBucketAsync();
    }

    protected override IObjectStore Open() => new S3ObjectStore(server.Credentials(proxy.Url), Options, TimeProvider.System, NullLogger.Instance);

    protected override async Task<IReadOnlyList<string>> UnfinishedAsync()
        => [.. (await Uploads.ListOpenAsync(BucketName, "", CancellationToken.None)).Select(upload => upload.Key)];

    protected override Task LeaveUnfinishedAsync(string key) => Uploads.CreateAsync(Upload(key, ""), CancellationToken.None);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_completion_that_answers_200_with_an_error_is_sent_again(bool completedAllTheSame)
    {
        if (completedAllTheSame)
        {
            proxy.ReplaceAnswer(request => request.IsComplete, 200, "InternalError");
        }
        else
        {
            proxy.Refuse(request => request.IsComplete, 200, "InternalError");
        }

        await Transfer.UploadAsync(Recorded(Archive), Ignore, CancellationToken.None);

        Assert.Equal(2, proxy.Requests.Count(request => request.IsComplete));
        await AssertStoredAsync(parts: Parts);
    }

    [Fact]
    public async Task A_lost_answer_to_the_creation_leaves_no_second_upload_open()
    {
        proxy.LoseAnswer(request => request.IsCreate);

        await Transfer.UploadAsync(Recorded(Archive), Ignore, CancellationToken.None);

        Assert.Equal(2, proxy.Requests.Count(request => request.IsCreate));
        await AssertStoredAsync(parts: Parts);
    }

    [Theory]
    [InlineData("create", -600)]
    [InlineData("part", 600)]
    [InlineData("complete", 600)]
    [InlineData("part", 0)]
    public async Task A_request_whose_time_is_refused_is_signed_with_the_time_of_the_store(string moment, int offsetSeconds)
    {
        proxy.Refuse(
            request => moment switch { "create" => request.IsCreate, "part" => request.Part == 2, _ => request.IsComplete },
            403,
            "RequestTimeTooSkewed",
            clockOffset: TimeSpan.FromSeconds(offsetSeconds));

        await Transfer.UploadAsync(Recorded(Archive), Ignore, CancellationToken.None);

        await AssertStoredAsync(parts: moment == "part" ? Parts + 1 : Parts);
    }

    [Fact]
    public async Task A_clock_that_stays_wrong_is_named()
    {
        proxy.Refuse(_ => true, 403, "RequestTimeTooSkewed", times: 1000);

        var failure = await Assert.ThrowsAsync<ObjectStoreException>(() => Store.CheckBucketAsync(BucketName, CancellationToken.None));

        Assert.Contains("the clock of this machine or of the store is wrong", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_upload_that_the_store_forgets_starts_again(bool atItsEnd)
    {
        using var progress = new RecordedProgress();
        proxy.Before(
            request => atItsEnd ? request.IsComplete : request.Part == 3,
            async () => await Uploads.AbortAsync(Assert.Single(await Uploads.ListOpenAsync(BucketName, "", CancellationToken.None)), CancellationToken.None));
        Options.ParallelParts = 1;

        await Transfer.UploadAsync(Recorded(Archive), progress.ReportAsync, CancellationToken.None);

        progress.AssertComplete(Archive.Length);
        await AssertStoredAsync(parts: atItsEnd ? 2 * Parts : 3 + Parts);
    }

    [Fact]
    public async Task An_upload_that_the_store_always_forgets_fails_and_leaves_nothing()
    {
        proxy.Refuse(request => request.IsPart, 404, "NoSuchUpload", times: 1000);

        Assert.Equal(ObjectStoreError.NoUpload, await ErrorOfAsync(() => Transfer.UploadAsync(Recorded(Archive), Ignore, CancellationToken.None)));

        await AssertNothingLeftAsync();
        Assert.Empty(await KeysAsync());
    }

    [Theory]
    [InlineData(1000)]
    [InlineData((2 * PartSize) + 1)]
    public async Task A_proxy_that_limits_bodies_is_named(int length)
    {
        proxy.RefuseInHtml(request => request.IsPart || request.IsWhole, 413);

        var failure = await Assert.ThrowsAsync<ObjectStoreException>(() => Transfer.UploadAsync(Recorded(Content.Random(length)), Ignore, CancellationToken.None));

        Assert.Equal(ObjectStoreError.Refused, failure.Error);
        Assert.Contains("client_max_body_size", failure.Message, StringComparison.Ordinal);
        Assert.Contains("ImageBackup:Cos:PartSizeMiB", failure.Message, StringComparison.Ordinal);
        Assert.Contains("HTTP 413", failure.Message, StringComparison.Ordinal);
        await AssertNothingLeftAsync();
        Assert.Empty(await KeysAsync());
    }

    [Fact]
    public async Task Bytes_that_the_line_damages_are_sent_again()
    {
        proxy.DamageBody(request => request.Part == 2);

        await Transfer.UploadAsync(Recorded(Archive), Ignore, CancellationToken.None);

        await AssertStoredAsync(parts: Parts + 1);
    }

    [Theory]
    [InlineData(1000)]
    [InlineData((2 * PartSize) + 1)]
    public async Task Every_body_carries_its_digest(int length)
    {
        await Transfer.UploadAsync(Recorded(Content.Random(length)), Ignore, CancellationToken.None);

        Assert.All(proxy.Requests.Where(request => request.IsPart || request.IsWhole), request => Assert.Equal(24, request.Headers["Content-MD5"].Length));
    }

    [Fact]
    public async Task A_resumed_upload_sends_only_the_missing_parts()
    {
        Options.ParallelParts = 1;
        UploadResume? saved = null;
        using var first = new RecordedProgress { CancelAt = (2 * PartSize) + Mebibyte };
        var upload = Recorded(Archive) with { SaveResume = (state, _) => Task.FromResult(saved = state) };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Transfer.UploadAsync(upload, first.ReportAsync, first.Token));
        var before = proxy.Requests.Count;

        await Transfer.UploadAsync(upload with { Resume = saved }, Ignore, CancellationToken.None);

        Assert.Equal([3, 4], proxy.Requests.Skip(before).Where(request => request.IsPart).Select(request => request.Part));
        Assert.Equal(Archive, await GetAsync("archive.ova"));
    }

    [Fact]
    public async Task A_resumed_download_fetches_only_the_missing_bytes()
    {
        Options.ParallelParts = 1;
        await Transfer.UploadAsync(Recorded(Archive), Ignore, CancellationToken.None);
        DownloadResume? saved = null;
        using var first = new RecordedProgress { CancelAt = (2 * PartSize) + Mebibyte };
        var download = new ObjectDownload
        {
            Source = new BucketObject(Bucket, "archive.ova"),
            FilePath = Path.Combine(Directory, "fetched.ova"),
            SaveResume = (state, _) => Task.FromResult(saved = state),
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Transfer.DownloadAsync(download, first.ReportAsync, first.Token));
        var before = proxy.Requests.Count;

        await Transfer.DownloadAsync(download with { Resume = saved }, Ignore, CancellationToken.None);

        var ranges = proxy.Requests.Skip(before).Where(request => request.IsRange).Select(request => request.Range!).ToList();
        Assert.Equal(2, ranges.Count);
        Assert.InRange(FirstByteOf(ranges[0]), (2 * PartSize) + Mebibyte, (3 * PartSize) - 1);
        Assert.EndsWith($"-{(3 * PartSize) - 1}", ranges[0], StringComparison.Ordinal);
        Assert.Equal($"bytes={3 * PartSize}-{Archive.Length - 1}", ranges[1]);
        Assert.Equal(Archive, await File.ReadAllBytesAsync(download.FilePath));
    }

    [Fact]
    public async Task An_object_with_a_digest_of_another_program_is_downloaded()
    {
        var upload = Upload("foreign.ova", WriteFile(Archive), new BackupMetadata("another program's digest", null, null, null));
        using (var file = File.OpenHandle(upload.FilePath))
        {
            var whole = new HashedPart(1, new FileRange(0, Archive.Length), await RangeHash.Md5Async(file, new FileRange(0, Archive.Length), CancellationToken.None));
            await Uploads.SendWholeAsync(upload, file, whole, Ignore, CancellationToken.None);
        }

        var path = Path.Combine(Directory, "foreign.ova");
        var download = new ObjectDownload { Source = new BucketObject(Bucket, "foreign.ova"), FilePath = path, SaveResume = (_, _) => Task.CompletedTask };
        var fetched = await Transfer.DownloadAsync(download, Ignore, CancellationToken.None);

        Assert.Equal(Digests.Sha256(Archive), fetched.Sha256);
        Assert.Equal(Archive, await File.ReadAllBytesAsync(path));
    }

    private static long FirstByteOf(string range) => long.Parse(range["bytes=".Length..range.IndexOf('-', StringComparison.Ordinal)]);

    private ObjectUpload Recorded(byte[] content) => Upload("archive.ova", WriteFile(content), new BackupMetadata(Digests.Sha256(content), "7", "name", "image"));

    /// <summary>Asserts that the archive is the object, that nothing else is left, and how many parts the proxy saw.</summary>
    private async Task AssertStoredAsync(int parts)
    {
        Assert.Equal(parts, proxy.Requests.Count(request => request.IsPart));
        Assert.Equal(Archive, await GetAsync("archive.ova"));
        Assert.Equal(["archive.ova"], await KeysAsync());
        await AssertNothingLeftAsync();
    }
}

[Collection(SwiftCollection.Name)]
public sealed class MisbehavingPlainStoreTests(SharedSwift swift) : MisbehavingStoreTests(swift, overTls: false);

[Collection(SwiftCollection.Name)]
public sealed class MisbehavingTlsStoreTests(SharedSwift swift) : MisbehavingStoreTests(swift, overTls: true);
