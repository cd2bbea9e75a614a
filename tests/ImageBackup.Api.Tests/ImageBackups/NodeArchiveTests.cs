using System.Text.Json;
using ImageBackup.TestSupport;
using Microsoft.EntityFrameworkCore;

namespace ImageBackup.Api.Tests.ImageBackups;

/// <summary>The archive on the node, as other programs read it.</summary>
public sealed class NodeArchiveTests(ServiceFixture service) : FlowTest(service), IClassFixture<ServiceFixture>
{
    [Theory]
    [InlineData("True")]
    [InlineData("Fast")]
    [InlineData("False")]
    public async Task Tar_gzip_xmllint_and_sha256sum_read_the_archive(string compression)
    {
        byte[][] contents = [Content.WithHoles(3 << 20, 700_000), Content.Random((1 << 20) + 17, 2)];
        var imageId = await Seeds.ImageAsync("judged image", (contents[0], 0), (contents[1], -1));
        var exported = await Client.ExportedAsync(imageId, ("name", "judged backup"), ("compression", compression));
        var ova = await OvaOfAsync(exported.Id);
        using var directory = new TemporaryDirectory();

        var members = (await Tool.RunAsync("tar", "-tf", ova)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        await Tool.RunAsync("tar", "-xf", ova, "-C", directory.Path);

        Assert.Equal($"judged_backup_{exported.Id}.ova", Path.GetFileName(ova));
        Assert.EndsWith(".ovf", members[0], StringComparison.Ordinal);
        Assert.EndsWith(".mf", members[1], StringComparison.Ordinal);
        await Tool.RunAsync("xmllint", "--nonet", "--noout", "--schema", Path.Combine(AppContext.BaseDirectory, "Schemas", "ovf-envelope.xsd"), Path.Combine(directory.Path, members[0]));
        var named = await CheckManifestAsync(directory.Path, members[1]);
        Assert.Equal(members.Where(member => member != members[1]).Order(StringComparer.Ordinal), named.Order(StringComparer.Ordinal));
        for (var i = 0; i < contents.Length; i++)
        {
            var volume = Path.Combine(directory.Path, $"Image_judged_image_volume_{i + 1}");
            if (compression != "False")
            {
                File.Move(volume, volume + ".gz");
                await Tool.RunAsync("gzip", "-d", volume + ".gz");
            }

            Assert.Equal(contents[i], await File.ReadAllBytesAsync(volume));
        }
    }

    [Fact]
    public async Task The_record_has_the_digest_of_the_manifest_at_once_and_that_of_the_archive_after_a_verification()
    {
        var exported = await Client.ExportedAsync(await Seeds.ImageAsync(Content.Random(1 << 20)));
        var record = await Client.ShowAsync(exported.Id);
        var ova = await OvaOfAsync(exported.Id);

        var details = await Client.SucceedAsync(await Client.BeginAsync(exported.Id, "verify"));

        var sha256 = (await Tool.RunAsync("sha256sum", ova)).Split(' ')[0];
        var manifest = Path.GetFileNameWithoutExtension(ova) + ".mf";
        Assert.Equal(new FileInfo(ova).Length, record.GetProperty("ova_size").GetInt64());
        Assert.Equal((await Tool.RunAsync("sh", "-c", $"tar xOf '{ova}' '{manifest}' | sha256sum")).Split(' ')[0], record.GetProperty("manifest_sha256").GetString());
        Assert.Equal(JsonValueKind.Null, record.GetProperty("ova_sha256").ValueKind);
        Assert.Equal(sha256, (await Client.ShowAsync(exported.Id)).GetProperty("ova_sha256").GetString());
        Assert.True(details.GetProperty("task_results").GetProperty($"verify_ova_{exported.Id}").GetProperty("compared_with_record").GetBoolean());
    }

    [Fact]
    public async Task A_sound_archive_of_the_same_volumes_with_another_descriptor_is_not_verified()
    {
        var content = Content.Random(1 << 20);
        var exported = await Client.ExportedAsync(await Seeds.ImageAsync("first", (content, 0)), ("name", "mine"));
        var ova = await OvaOfAsync(exported.Id);
        var directory = Path.Combine(Service.DataDirectory, "unpacked");
        Directory.CreateDirectory(directory);
        var (stem, descriptor) = (Path.GetFileNameWithoutExtension(ova), Path.GetFileNameWithoutExtension(ova) + ".ovf");
        await Tool.RunAsync("sh", "-ec", $"cd '{directory}' && tar xf '{ova}' && sed -i 's/>first</>other</' {descriptor} && sed -i \"s/^SHA256({descriptor}).*/SHA256({descriptor})= $(sha256sum {descriptor} | cut -c1-64)/\" {stem}.mf && tar cf '{ova}' {descriptor} {stem}.mf Image*");
        await using (var database = Service.OpenDatabase())
        {
            await database.Backups.Where(backup => backup.Id == exported.Id).ExecuteUpdateAsync(set => set.SetProperty(backup => backup.OvaSize, new FileInfo(ova).Length));
        }

        await Client.WaitAsync(await Client.BeginAsync(exported.Id, "verify"));
        var reason = (await Client.ShowAsync(exported.Id)).GetProperty("fail_reason").GetString();

        Assert.Contains("The archive's manifest has changed", reason, StringComparison.Ordinal);
    }

    private static async Task<List<string>> CheckManifestAsync(string directory, string manifest)
    {
        var names = new List<string>();
        foreach (var line in await File.ReadAllLinesAsync(Path.Combine(directory, manifest)))
        {
            var (open, close) = (line.IndexOf('(', StringComparison.Ordinal), line.LastIndexOf(")= ", StringComparison.Ordinal));
            Assert.Equal("SHA256", line[..open]);
            names.Add(line[(open + 1)..close]);
            Assert.Equal(line[(close + 3)..], (await Tool.RunAsync("sha256sum", Path.Combine(directory, names[^1]))).Split(' ')[0]);
        }

        return names;
    }
}
