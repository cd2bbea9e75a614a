using ImageBackup.TestSupport;

namespace ImageBackup.Api.Tests.ImageBackups;

/// <summary>Two services with databases of their own put archives of the same name and id into one bucket.</summary>
public sealed class SharedBucketTests : IDisposable
{
    private readonly TemporaryDirectory bucket = new();
    private readonly ServiceFixture first;
    private readonly ServiceFixture second;

    public SharedBucketTests()
    {
        first = Service();
        second = Service();
    }

    [Fact]
    public async Task Two_services_do_not_overwrite_or_delete_each_others_objects()
    {
        var (ours, theirs) = (Content.Random(2 << 20, seed: 1), Content.Random(2 << 20, seed: 2));
        var one = await new BackupClient(first).ExportedAsync(await new ImageSeeds(first).ImageAsync(ours), ("name", "daily"), ("upload_to_cos", true));
        var other = await new BackupClient(second).ExportedAsync(await new ImageSeeds(second).ImageAsync(theirs), ("name", "daily"), ("upload_to_cos", true));

        await new BackupClient(second).DeletedAsync(other.Id);

        Assert.Equal(one.Id, other.Id);
        File.Delete(Directory.GetFiles(first.Paths.BackupNode("local"), "*.ova").Single());
        var image = await new BackupClient(first).ImportedAsync(("image_backup_id", one.Id));
        Assert.Equal(ours, Assert.Single(await new ImageSeeds(first).ContentsOfAsync(image)));
        Assert.Equal(["daily_1.ova", "daily_1.ova.sha256"], Directory.GetFiles(Path.Combine(bucket.Path, "cos-default")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_force_delete_leaves_an_object_that_another_service_wrote_meanwhile()
    {
        var stalled = first.Stall("upload_ova_*", 0.5);
        var started = await new BackupClient(first).ExportAsync(await new ImageSeeds(first).ImageAsync(Content.Random(2 << 20)), ("name", "daily"), ("upload_to_cos", true));
        await stalled.StruckAsync();
        var theirs = Path.Combine(bucket.Path, "cos-default", "daily_1.ova");
        await File.WriteAllTextAsync(theirs, "from another service");

        await new BackupClient(first).DeleteAsync(started.Id, "?force=true");
        await new BackupClient(first).GoneAsync(started.Id);

        Assert.Equal("from another service", await File.ReadAllTextAsync(theirs));
    }

    public void Dispose()
    {
        first.Dispose();
        second.Dispose();
        bucket.Dispose();
    }

    private ServiceFixture Service()
    {
        var service = new ServiceFixture();
        service.Settings["ImageBackup:Cos:Directory"] = bucket.Path;
        return service;
    }
}
