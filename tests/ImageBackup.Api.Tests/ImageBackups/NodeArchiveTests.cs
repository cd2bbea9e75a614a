using ImageBackup.TestSupport;

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
    public async Task The_record_has_the_archives_size_and_digest()
    {
        var exported = await Client.ExportedAsync(await Seeds.ImageAsync(Content.Random(1 << 20)));

        var record = await Client.ShowAsync(exported.Id);
        var ova = await OvaOfAsync(exported.Id);

        Assert.Equal(new FileInfo(ova).Length, record.GetProperty("ova_size").GetInt64());
        Assert.Equal((await Tool.RunAsync("sha256sum", ova)).Split(' ')[0], record.GetProperty("ova_sha256").GetString());
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
