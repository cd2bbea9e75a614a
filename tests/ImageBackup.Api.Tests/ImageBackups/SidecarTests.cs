using System.Security.Cryptography;
using ImageBackup.TestSupport;

namespace ImageBackup.Api.Tests.ImageBackups;

/// <summary>The object <c>&lt;archive&gt;.sha256</c> beside each archive in a bucket.</summary>
public sealed class SidecarTests(ServiceFixture service) : FlowTest(service), IClassFixture<ServiceFixture>
{
    private readonly byte[] content = Content.Random(1 << 20);

    private string BucketDirectory => Path.Combine(Service.Paths.Cos, "cos-default");

    [Fact]
    public async Task Sha256sum_reads_the_sidecar_of_an_upload()
    {
        var archive = await UploadedAsync();

        await Tool.RunAsync("bash", "-c", $"cd '{BucketDirectory}' && sha256sum --strict -c '{archive}.sha256'");
    }

    [Fact]
    public async Task A_deletion_deletes_the_sidecar()
    {
        var archive = await UploadedAsync();
        var other = Path.Combine(BucketDirectory, "other.ova.sha256");
        await File.WriteAllTextAsync(other, "mine");

        await Client.DeletedAsync(IdOf(archive));

        Assert.False(File.Exists(SidecarOf(archive)));
        Assert.Equal("mine", await File.ReadAllTextAsync(other));
        File.Delete(other);
    }

    [Fact]
    public async Task A_deletion_keeps_a_sidecar_that_somebody_changed()
    {
        var archive = await UploadedAsync();
        await File.WriteAllTextAsync(SidecarOf(archive), "mine");

        await Client.DeletedAsync(IdOf(archive));

        Assert.False(File.Exists(Path.Combine(BucketDirectory, archive)));
        Assert.Equal("mine", await File.ReadAllTextAsync(SidecarOf(archive)));
    }

    [Fact]
    public async Task An_upload_to_another_bucket_moves_the_sidecar()
    {
        Directory.CreateDirectory(Path.Combine(Service.Paths.Cos, "moved"));
        var archive = await UploadedAsync();

        await Client.SucceedAsync(await Client.BeginAsync(IdOf(archive), "upload", new { cos_bucket = "moved" }));

        Assert.False(File.Exists(SidecarOf(archive)));
        Assert.True(File.Exists(Path.Combine(Service.Paths.Cos, "moved", $"{archive}.sha256")));
    }

    [Fact]
    public async Task A_name_whose_sidecar_is_taken_is_not_used()
    {
        var exported = await Client.ExportedAsync(await Seeds.ImageAsync(content));
        var name = Path.GetFileName(await OvaOfAsync(exported.Id));
        await File.WriteAllTextAsync(SidecarOf(name), "mine");

        await Client.SucceedAsync(await Client.BeginAsync(exported.Id, "upload"));

        var key = (await Client.ShowAsync(exported.Id)).GetProperty("cos_object").GetString()!;
        Assert.NotEqual(name, key);
        Assert.True(File.Exists(SidecarOf(key)));
        Assert.Equal("mine", await File.ReadAllTextAsync(SidecarOf(name)));
    }

    [Fact]
    public async Task A_force_delete_during_an_upload_leaves_neither_archive_nor_sidecar()
    {
        var before = Directory.GetFiles(BucketDirectory);
        var stalled = Service.Stall("upload_ova_*", 1);
        var started = await Client.ExportAsync(await Seeds.ImageAsync(content), ("upload_to_cos", true));
        await stalled.StruckAsync();

        await Client.DeleteAsync(started.Id, "?force=true");
        await Client.GoneAsync(started.Id);

        Assert.Equal(before, Directory.GetFiles(BucketDirectory));
    }

    [Theory]
    [InlineData("{0}  {1}\n")]
    [InlineData("{0} *{1}\r\n")]
    [InlineData("{0}")]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000  another.ova\n{0}  {1}\n")]
    public async Task An_import_takes_an_object_whose_sidecar_fits(string format)
    {
        var key = Copy(await UploadedAsync());
        await WriteSidecarAsync(key, format);

        var image = await Client.ImportedAsync(("cos_bucket", "cos-default"), ("ova_name", key));

        Assert.Equal([content], await Seeds.ContentsOfAsync(image));
    }

    [Theory]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000  {1}\n", "expected 0000000000")]
    [InlineData("{0}  one.ova\n{0}  two.ova\n", "has no SHA-256 for")]
    [InlineData("not a digest", "has no SHA-256 for")]
    public async Task An_import_refuses_an_object_whose_sidecar_does_not_fit(string format, string expected)
    {
        var key = Copy(await UploadedAsync());
        await WriteSidecarAsync(key, format);
        var files = Directory.GetFileSystemEntries(Node);

        var started = await Client.ImportAsync(("cos_bucket", "cos-default"), ("ova_name", key));
        await Client.WaitAsync(started);

        var record = await Client.ShowAsync(started.Id);
        Assert.Equal("download_failed", record.GetProperty("status").GetString());
        Assert.Contains(expected, record.GetProperty("fail_reason").GetString(), StringComparison.Ordinal);
        Assert.Contains($"'{key}.sha256'", record.GetProperty("fail_reason").GetString(), StringComparison.Ordinal);
        Assert.Equal(files, Directory.GetFileSystemEntries(Node));
    }

    /// <summary>Exports to the bucket and returns the key.</summary>
    private async Task<string> UploadedAsync()
    {
        var exported = await Client.ExportedAsync(await Seeds.ImageAsync(content), ("upload_to_cos", true));
        return (await Client.ShowAsync(exported.Id)).GetProperty("cos_object").GetString()!;
    }

    /// <summary>Copies an archive to a key that no image backup has.</summary>
    private string Copy(string archive)
    {
        var key = $"copy-{Guid.NewGuid():n}.ova";
        File.Copy(Path.Combine(BucketDirectory, archive), Path.Combine(BucketDirectory, key));
        return key;
    }

    private async Task WriteSidecarAsync(string key, string format)
    {
        var digest = Convert.ToHexString(SHA256.HashData(await File.ReadAllBytesAsync(Path.Combine(BucketDirectory, key))));
        await File.WriteAllTextAsync(SidecarOf(key), format.Replace("{0}", digest, StringComparison.Ordinal).Replace("{1}", key, StringComparison.Ordinal));
    }

    private string SidecarOf(string key) => Path.Combine(BucketDirectory, $"{key}.sha256");

    private static int IdOf(string archive) => int.Parse(archive.Split('_')[1].Split('.')[0]);
}
