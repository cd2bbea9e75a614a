using System.Text;
using ImageBackup.Disks;
using ImageBackup.Ova.Archive;
using ImageBackup.Ova.Tests.Descriptor;
using ImageBackup.Ova.Tests.IO;
using ImageBackup.Ova.Tests.Tar;
using ImageBackup.TestSupport;

namespace ImageBackup.Ova.Tests.Archive;

/// <summary>docs/formats.md lists which files are read as archives.</summary>
public sealed class FormatsPageTests : IDisposable
{
    /// <summary>Files of each format, as far as their beginning tells it.</summary>
    private static readonly Dictionary<DiskFormat, byte[]> Heads = new()
    {
        [DiskFormat.Tar] = RawTar.Of(("x.ovf", PowerVcs.With()), ("aixdb_boot", [1])).End(),
        [DiskFormat.Qcow2] = [(byte)'Q', (byte)'F', (byte)'I', 0xfb],
        [DiskFormat.Vmdk] = "KDMV"u8.ToArray(),
        [DiskFormat.Vhd] = "conectix"u8.ToArray(),
        [DiskFormat.Vhdx] = "vhdxfile"u8.ToArray(),
        [DiskFormat.Vdi] = [.. new byte[64], 0x7f, 0x10, 0xda, 0xbe],
        [DiskFormat.Qed] = "QED\0"u8.ToArray(),
        [DiskFormat.Parallels] = "WithoutFreeSpace"u8.ToArray(),
        [DiskFormat.Gzip] = [0x1f, 0x8b, 8],
        [DiskFormat.Xz] = [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0],
        [DiskFormat.Zstd] = [0x28, 0xb5, 0x2f, 0xfd],
        [DiskFormat.Bzip2] = Encoding.Latin1.GetBytes("BZh91AY&SY"),
        [DiskFormat.Lz4] = [0x04, 0x22, 0x4d, 0x18],
        [DiskFormat.Zip] = [(byte)'P', (byte)'K', 3, 4],
        [DiskFormat.SevenZip] = [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c],
    };

    private readonly TempDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task Every_format_is_read_or_refused_as_an_archive_as_the_page_says()
    {
        var page = await File.ReadAllTextAsync(Path.Combine(ProgramRun.Repository, "docs", "formats.md"));
        var rows = page.Split("## Archives\n")[1].Split("\n## ")[0].Split('\n').Where(line => line.StartsWith('|')).Skip(2).Select(line => line.Trim('|').Split('|')).ToList();
        var listed = rows.SelectMany(row => row[0].Split(',').Select(name => (Name: name.Trim(), IsRead: row[1].Trim().StartsWith("read", StringComparison.Ordinal)))).ToDictionary(row => row.Name, row => row.IsRead);

        // A DMG is told by its end, and raw bytes by nothing.
        Assert.Equal(Enum.GetValues<DiskFormat>().Except([DiskFormat.Raw, DiskFormat.Dmg]).Order(), Heads.Keys.Order());
        Assert.Equal(Heads.Keys.Select(DiskFormatNames.NameOf).Order(StringComparer.Ordinal), listed.Keys.Order(StringComparer.Ordinal));
        foreach (var (format, head) in Heads)
        {
            await File.WriteAllBytesAsync(directory["x.ova"], format is DiskFormat.Tar ? head : [.. head, .. new byte[2000]]);
            var failure = await Record.ExceptionAsync(() => OvaReader.ReadAsync(directory["x.ova"], Sample.Options(directory), Sample.NoProgress, CancellationToken.None));

            var isRefused = failure?.Message.StartsWith($"The file is {DiskFormatNames.NameOf(format)}, not an OVA.", StringComparison.Ordinal) == true;
            Assert.True(listed[DiskFormatNames.NameOf(format)] != isRefused, $"{format}: {failure?.Message}");
        }
    }
}
