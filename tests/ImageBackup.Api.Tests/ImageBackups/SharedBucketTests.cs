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
    public async Task Neither_overwrites_nor_deletes_the_others_object()
    {
        var (ours, theirs) = (Content.Random(2 << 20, seed: 1), Content.Random(2 << 20, seed: 2));
        var one = await new BackupClient(first).ExportedAsync(await new ImageSeeds(first).ImageAsync(ours), ("name", "daily"), ("upload_to_cos", true));
        var other = await new BackupClient(second).ExportedAsync(await new ImageSeeds(second).ImageAsync(theirs), ("name", "daily"), ("upload_to_cos", true));

        await new BackupClient(second).DeletedAsync(other.Id);

        Assert.Equal(one.Id, other.Id);
        File.Delete(Directory.GetFiles(first.Paths.BackupNode("local"), "*.ova").Single());
        var image = await new BackupClient(first).ImportedAsync(("image_backup_id", one.Id));
        Assert.Equal(ours, Assert.Single(await new ImageSeeds(first).ContentsOfAsync(image)));
        Assert.Equal("daily_1.ova", Path.GetFileName(Assert.Single(Directory.GetFiles(Path.Combine(bucket.Path, "cos-default")))));
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
