using System.Net;
using ImageBackup.Core.Buckets;
using ImageBackup.Core.ObjectStorage;
using ImageBackup.Core.ObjectStorage.S3;
using ImageBackup.TestSupport;
using Microsoft.Extensions.DependencyInjection;

namespace ImageBackup.Api.Tests.ImageBackups;

/// <summary>Exports and imports with a real S3 server in the settings, reached through a proxy that can go down.</summary>
public sealed class SwiftBucketTests(SwiftBucketTests.SwiftService swift) : FlowTest(swift.Service), IClassFixture<SwiftBucketTests.SwiftService>, IAsyncLifetime
{
    // More than three parts of 5 MiB, the smallest of S3, so that transfers are multipart.
    private readonly byte[] content = Content.Random((16 << 20) + 4711);

    public async ValueTask InitializeAsync() => await swift.StartAsync();

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task An_export_uploads_by_default_and_the_object_is_imported_by_id_if_the_node_lost_the_file()
    {
        var exported = await UploadedAsync();
        File.Delete(await OvaOfAsync(exported.Id));

        var image = await Client.ImportedAsync(("image_backup_id", exported.Id));

        Assert.Equal([content], await Seeds.ContentsOfAsync(image));
        Assert.Equal("uploaded", await Client.StatusAsync(exported.Id));
        await AssertNoOpenUploadsAsync();
    }

    [Fact]
    public async Task Another_instance_with_an_empty_database_imports_the_object()
    {
        var exported = await UploadedAsync();
        using var other = swift.NewService();

        var image = await new BackupClient(other).ImportedAsync(("cos_bucket", swift.Bucket), ("ova_name", $"backup_{exported.Id}.ova"));

        Assert.Equal([content], await new ImageSeeds(other).ContentsOfAsync(image));
        await new BackupClient(other).DeletedAsync(1);
        Assert.NotNull(await FindAsync(exported.Id));
    }

    [Fact]
    public async Task An_upload_resumes_at_the_next_part_after_a_restart()
    {
        var stalled = Service.Stall("upload_ova_*", 0.6);
        var started = await Client.ExportAsync(await Seeds.ImageAsync(content), ("upload_to_cos", true));
        await stalled.StruckAsync();
        var open = await swift.OpenUploadsAsync(Service);

        await Service.RestartAsync();
        await Client.SucceedAsync(started);

        Assert.Single(open);
        Assert.Equal("uploaded", await Client.StatusAsync(started.Id));
        await AssertNoOpenUploadsAsync();
        File.Delete(await OvaOfAsync(started.Id));
        Assert.Equal([content], await Seeds.ContentsOfAsync(await Client.ImportedAsync(("image_backup_id", started.Id))));
    }

    [Fact]
    public async Task A_reset_during_an_upload_leaves_no_open_upload()
    {
        var stalled = Service.Stall("upload_ova_*", 0.6);
        var started = await Client.ExportAsync(await Seeds.ImageAsync(content), ("upload_to_cos", true));
        await stalled.StruckAsync();

        await Client.ResetAsync(started.Id);
        var details = await Client.WaitAsync(started);

        Assert.Equal("REVERTED", States(details, "flow_details")["UploadFlow"]);
        Assert.Equal("error", await Client.StatusAsync(started.Id));
        await AssertNoOpenUploadsAsync();
    }

    [Fact]
    public async Task A_missing_bucket_is_named_with_its_endpoint_before_any_volume_is_read()
    {
        var imageId = await Seeds.ImageAsync(content);
        var before = await Footprint.TakeAsync(Service, withBackups: true);

        var answer = await Client.PostAsync("/image-backups/export_image", BackupClient.ExportBody(imageId, ("upload_to_cos", true), ("cos_bucket", "nowhere")));

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Contains($"Bucket 'nowhere' at {swift.Proxy!.Url}", answer.Message, StringComparison.Ordinal);
        Assert.Equal(before, await Footprint.TakeAsync(Service, withBackups: true));
    }

    [Fact]
    public async Task Deleting_a_backup_deletes_its_object()
    {
        var exported = await UploadedAsync();
        var sidecar = $"backup_{exported.Id}.ova.sha256";
        Assert.NotNull(await swift.BucketOf(Service).FindAsync(sidecar, default));

        await Client.DeletedAsync(exported.Id);

        Assert.Null(await FindAsync(exported.Id));
        Assert.Null(await swift.BucketOf(Service).FindAsync(sidecar, default));
    }

    private async Task<StartedBackup> UploadedAsync() => await Client.ExportedAsync(await Seeds.ImageAsync(content), ("upload_to_cos", null));

    private Task<StoredObject?> FindAsync(int id) => swift.BucketOf(Service).FindAsync($"backup_{id}.ova", default);

    private async Task AssertNoOpenUploadsAsync() => Assert.Empty(await swift.OpenUploadsAsync(Service));

    /// <summary>A service whose settings name a real S3 server.</summary>
    public sealed class SwiftService(SharedSwift swift) : IAsyncDisposable
    {
        public ServiceFixture Service { get; } = new();

        public FaultyProxy? Proxy { get; private set; }

        public string Bucket { get; private set; } = "";

        /// <summary>Prepares a bucket and the settings at the first call. Where Swift is not installed, the test is skipped.</summary>
        public async Task StartAsync()
        {
            if (Proxy is not null)
            {
                return;
            }

            var server = await swift.ServerAsync();
            Proxy = new FaultyProxy(server.Port);
            Bucket = await server.CreateBucketAsync();
            Configure(Service);
        }

        /// <summary>Another instance with a separate database and the same store.</summary>
        public ServiceFixture NewService()
        {
            var other = new ServiceFixture();
            Configure(other);
            return other;
        }

        public Bucket BucketOf(ServiceFixture service) => new(service.Services.GetRequiredService<ObjectStores>().Configured, Bucket);

        internal Task<IReadOnlyList<OpenUpload>> OpenUploadsAsync(ServiceFixture service) => ((S3ObjectStore)BucketOf(service).Store).Uploads.ListOpenAsync(Bucket, "", default);

        public async ValueTask DisposeAsync()
        {
            Service.Dispose();
            await (Proxy?.DisposeAsync() ?? ValueTask.CompletedTask);
        }

        private void Configure(ServiceFixture service)
        {
            service.Settings["ImageBackup:Cos:ServiceUrl"] = Proxy!.Url;
            service.Settings["ImageBackup:Cos:AccessKey"] = SwiftServer.AccessKey;
            service.Settings["ImageBackup:Cos:SecretKey"] = SwiftServer.SecretKey;
            service.Settings["ImageBackup:Cos:DefaultBucket"] = Bucket;
            service.Settings["ImageBackup:Cos:PartSizeMiB"] = "5";
        }
    }
}
