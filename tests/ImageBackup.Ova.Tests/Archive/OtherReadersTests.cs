using System.Xml.Linq;
using ImageBackup.Ova.Tests.IO;
using ImageBackup.TestSupport;

namespace ImageBackup.Ova.Tests.Archive;

/// <summary>Programs of others read the archives that this library writes.</summary>
public sealed class OtherReadersTests : IDisposable
{
    private readonly TempDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Theory]
    [InlineData(OvaCompression.None)]
    [InlineData(OvaCompression.Fast)]
    public async Task Virt_v2v_lists_the_name_and_the_disks(OvaCompression compression)
    {
        await WriteAsync(compression);

        var source = Tool.Run("virt-v2v", "-i", "ova", directory["x.ova"], "--print-source", "-o", "null");

        Assert.Contains("source name: dummycoreos", source, StringComparison.Ordinal);
        var disks = source.Split("disks:")[1].Split("removable media:")[0].Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        Assert.Equal(2, disks.Length);
        Assert.DoesNotContain("warning", source, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Every_member_of_the_manifest_is_referred_to_in_the_archives_order_and_the_descriptor_is_valid()
    {
        await WriteAsync(OvaCompression.Fast);
        Directory.CreateDirectory(directory["x"]);
        Tool.Run("tar", "xf", directory["x.ova"], "-C", directory["x"]);

        Tool.Run("xmllint", "--nonet", "--noout", "--schema", Path.Combine(AppContext.BaseDirectory, "Schemas", "ovf-envelope.xsd"), directory["x/x.ovf"]);
        XNamespace ovf = "http://schemas.dmtf.org/ovf/envelope/1";
        var files = XDocument.Load(directory["x/x.ovf"]).Root!.Element(ovf + "References")!.Elements(ovf + "File").ToList();
        var hrefs = files.Select(file => file.Attribute(ovf + "href")!.Value).ToList();
        var named = (await File.ReadAllLinesAsync(directory["x/x.mf"])).Select(line => line.Split('(', ')')[1]);

        Assert.Equal(["vol-1", "vol-2", "vol-1.blocks", "vol-2.blocks"], hrefs);
        Assert.Equal(["x.ovf", .. hrefs], named);
        Assert.Equal(["x.ovf", "x.mf", .. hrefs], Tool.Run("tar", "tf", directory["x.ova"]).Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.All(files, file => Assert.Equal(new FileInfo(directory[$"x/{file.Attribute(ovf + "href")!.Value}"]).Length, (long)file.Attribute(ovf + "size")!));
        Assert.Equal(files.Count, files.Select(file => file.Attribute(ovf + "id")!.Value).Distinct().Count());
    }

    private async Task WriteAsync(OvaCompression compression)
    {
        List<PackedFile> members = [];
        foreach (var name in new[] { "vol-1", "vol-2" })
        {
            await File.WriteAllBytesAsync(directory[$"{name}.raw"], Random.Shared.NextBytes(1 << 20));
            members.Add(await Sample.PackAsync(directory[$"{name}.raw"], directory[name], compression));
        }

        var gzip = compression != OvaCompression.None;
        await Sample.WriteAsync(
            directory["x.ova"], Sample.Descriptor(Sample.Volume("vol-1", 1 << 20, boot: true, gzip: gzip), Sample.Volume("vol-2", 1 << 20, gzip: gzip)), [.. members]);
    }
}
