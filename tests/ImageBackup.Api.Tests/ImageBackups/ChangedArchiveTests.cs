using System.Text.Json;
using ImageBackup.TestSupport;

namespace ImageBackup.Api.Tests.ImageBackups;

/// <summary>An archive that rotted, was cut or was replaced on its node never becomes an object.</summary>
public sealed class ChangedArchiveTests(ServiceFixture service) : FlowTest(service), IClassFixture<ServiceFixture>
{
    /// <summary>A byte of the only volume, which begins on a block of the file system and has random content.</summary>
    private const int InVolume = 1 << 20;

    private string BucketDirectory => Path.Combine(Service.Paths.Cos, "cos-default");

    public enum Change
    {
        Flip,
        Truncate,
        Replace,
    }

    [Theory]
    [InlineData(Change.Flip)]
    [InlineData(Change.Truncate)]
    [InlineData(Change.Replace)]
    public async Task An_archive_that_changed_before_its_upload_fails_and_names_the_member(Change change)
    {
        var exported = await Client.ExportedAsync(await Seeds.ImageAsync(Content.Random(3 << 20)), ("compression", "False"));
        await ChangeAsync(change, Node, exported.Id);

        var started = await Client.BeginAsync(exported.Id, "upload");
        await Client.WaitAsync(started);

        await AssertFailedAsync(exported.Id);
    }

    [Theory]
    [InlineData(0.05, Change.Flip)]
    [InlineData(0.05, Change.Truncate)]
    [InlineData(0.9, Change.Flip)]
    [InlineData(0.9, Change.Truncate)]
    [InlineData(0.9, Change.Replace)]
    public async Task An_archive_that_changes_between_two_attempts_fails_and_names_the_member(double at, Change change)
    {
        var stalled = Service.Stall("upload_ova_*", at);
        var started = await Client.ExportAsync(await Seeds.ImageAsync(Content.Random(SeveralParts)), ("upload_to_cos", true), ("compression", "False"));
        await stalled.StruckAsync();
        var node = Node;
        await Service.StopAsync();
        await ChangeAsync(change, node, started.Id);

        await Client.WaitAsync(started);

        await AssertFailedAsync(started.Id);
    }

    [Fact]
    public async Task A_backup_whose_archive_changed_is_uploaded_once_the_archive_is_back()
    {
        var exported = await Client.ExportedAsync(await Seeds.ImageAsync(Content.Random(3 << 20)), ("compression", "False"));
        var ova = await OvaOfAsync(exported.Id);
        var good = await File.ReadAllBytesAsync(ova);
        await ChangeAsync(Change.Flip, Node, exported.Id);
        await Client.WaitAsync(await Client.BeginAsync(exported.Id, "upload"));
        await File.WriteAllBytesAsync(ova, good);

        await Client.SucceedAsync(await Client.BeginAsync(exported.Id, "upload"));

        var record = await Client.ShowAsync(exported.Id);
        Assert.Equal(good, await File.ReadAllBytesAsync(Path.Combine(BucketDirectory, record.GetProperty("cos_object").GetString()!)));
    }

    [Fact]
    public async Task An_archive_from_elsewhere_is_compared_with_its_manifest_and_its_digest_is_recorded()
    {
        var exported = await Client.ExportedAsync(await Seeds.ImageAsync(Content.Random(3 << 20)), ("compression", "False"));
        var (good, bad) = (Path.Combine(Node, "from-elsewhere.ova"), Path.Combine(Node, "rotten.ova"));
        File.Copy(await OvaOfAsync(exported.Id), good);
        var goodImport = await Client.ImportAsync(("ova_name", "from-elsewhere.ova"));
        await Client.SucceedAsync(goodImport);
        File.Copy(good, bad);
        var badImport = await Client.ImportAsync(("ova_name", "rotten.ova"));
        await Client.SucceedAsync(badImport);
        Flip(bad);

        await Client.SucceedAsync(await Client.BeginAsync(goodImport.Id, "upload"));
        await Client.WaitAsync(await Client.BeginAsync(badImport.Id, "upload"));

        var original = (await Tool.RunAsync("sha256sum", good)).Split(' ')[0];
        Assert.Equal(original, (await Client.ShowAsync(goodImport.Id)).GetProperty("ova_sha256").GetString());
        await AssertFailedAsync(badImport.Id);
    }

    [Theory]
    [InlineData("upload")]
    [InlineData("verify")]
    public async Task An_archive_that_was_replaced_by_a_link_to_its_bytes_is_refused(string verb)
    {
        var exported = await Client.ExportedAsync(await Seeds.ImageAsync(Content.Random(3 << 20)), ("compression", "False"));
        var ova = await OvaOfAsync(exported.Id);
        using var elsewhere = new TemporaryDirectory();
        File.Move(ova, Path.Combine(elsewhere.Path, "moved.ova"));
        File.CreateSymbolicLink(ova, Path.Combine(elsewhere.Path, "moved.ova"));

        await IsRefusedAsync(exported.Id, verb);
    }

    [Theory]
    [InlineData("upload", "mkfifo")]
    [InlineData("verify", "mkfifo")]
    [InlineData("upload", "ln -s /dev/zero")]
    [InlineData("verify", "ln -s /dev/zero")]
    public async Task An_archive_that_was_replaced_by_a_pipe_or_a_device_is_refused_without_waiting(string verb, string command)
    {
        var exported = await Client.ExportedAsync(await Seeds.ImageAsync(Content.Random(3 << 20)), ("compression", "False"));
        var ova = await OvaOfAsync(exported.Id);
        File.Delete(ova);
        await Tool.RunAsync("sh", "-c", $"{command} '{ova}'");

        await IsRefusedAsync(exported.Id, verb);
    }

    [Fact]
    public async Task A_pipe_in_the_bucket_is_refused_without_waiting()
    {
        await Tool.RunAsync("mkfifo", Path.Combine(BucketDirectory, "pipe.ova"));

        var answer = await Client.PostAsync("/image-backups/import_image", BackupClient.ImportBody(("cos_bucket", "cos-default"), ("ova_name", "pipe.ova"))).WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(System.Net.HttpStatusCode.BadRequest, answer.Status);
        Assert.Contains("object 'pipe.ova' is not a regular file", answer.Message, StringComparison.Ordinal);
        File.Delete(Path.Combine(BucketDirectory, "pipe.ova"));
    }

    [Fact]
    public async Task A_download_does_not_write_through_a_link_in_the_place_of_its_partial_file()
    {
        var exported = await Client.ExportedAsync(await Seeds.ImageAsync(Content.Random(SeveralParts)), ("upload_to_cos", true), ("compression", "False"));
        var ova = await OvaOfAsync(exported.Id);
        File.Delete(ova);
        using var elsewhere = new TemporaryDirectory();
        var victim = Path.Combine(elsewhere.Path, "victim");
        await File.WriteAllTextAsync(victim, "mine");
        var stalled = Service.Stall("download_ova_*", 0.5);
        var started = await Client.BeginAsync(exported.Id, "download");
        await stalled.StruckAsync();
        await Service.StopAsync();
        var partial = Directory.GetFiles(Path.GetDirectoryName(ova)!, $"{Path.GetFileName(ova)}.partial", SearchOption.AllDirectories).Single();
        File.Delete(partial);
        File.CreateSymbolicLink(partial, victim);

        await Client.WaitAsync(started);

        Assert.Equal("mine", await File.ReadAllTextAsync(victim));
    }

    private async Task IsRefusedAsync(int id, string verb)
    {
        await Client.WaitAsync(await Client.BeginAsync(id, verb)).WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Contains("is not a regular file", (await Client.ShowAsync(id)).GetProperty("fail_reason").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Directory.GetFiles(BucketDirectory), name => name.EndsWith($"_{id}.ova", StringComparison.Ordinal));
    }

    /// <summary>Changes the archive and keeps its time of change, as bytes that rot do.</summary>
    private static async Task ChangeAsync(Change change, string node, int id)
    {
        var ova = Directory.GetFiles(node, $"*_{id}.ova").Single();
        var time = File.GetLastWriteTimeUtc(ova);
        switch (change)
        {
            case Change.Flip:
                Flip(ova);
                break;
            case Change.Truncate:
                await using (var file = File.OpenWrite(ova))
                {
                    file.SetLength(file.Length - InVolume);
                }

                break;
            case Change.Replace:
                await File.WriteAllBytesAsync(ova, await OtherArchiveAsync(new FileInfo(ova).Length));
                break;
        }

        File.SetLastWriteTimeUtc(ova, time);
    }

    /// <summary>Returns a sound archive of another image. It has as many bytes, because the images have the same size.</summary>
    private static async Task<byte[]> OtherArchiveAsync(long length)
    {
        using var other = new ServiceFixture();
        var content = Content.Random((int)(length >> 20 << 20), seed: 99);
        var exported = await new BackupClient(other).ExportedAsync(await new ImageSeeds(other).ImageAsync(content), ("compression", "False"));
        return await File.ReadAllBytesAsync(Directory.GetFiles(other.Paths.BackupNode("local"), $"*_{exported.Id}.ova").Single());
    }

    private static void Flip(string path)
    {
        using var file = new FileStream(path, FileMode.Open);
        file.Position = InVolume;
        var before = file.ReadByte();
        file.Position = InVolume;
        file.WriteByte((byte)~before);
    }

    private async Task AssertFailedAsync(int id)
    {
        var record = await Client.ShowAsync(id);
        Assert.Equal("upload_failed", record.GetProperty("status").GetString());
        var reason = record.GetProperty("fail_reason").GetString()!;
        var member = record.GetProperty("volumes")[0].GetProperty("name").GetString()!;
        Assert.StartsWith("upload_ova_", reason, StringComparison.Ordinal);
        Assert.Contains(member, reason, StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Null, record.GetProperty("cos_object").ValueKind);
        Assert.Empty(Directory.GetFiles(BucketDirectory, $"*_{id}*"));
        var uploads = Path.Combine(BucketDirectory, ".imagebackup", "uploads");
        Assert.Empty(Directory.Exists(uploads) ? Directory.GetFileSystemEntries(uploads) : []);
        Assert.Empty(Directory.GetDirectories(Node, ".upload_*"));
    }
}
