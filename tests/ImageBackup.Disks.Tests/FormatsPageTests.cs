using System.Text.RegularExpressions;
using ImageBackup.Disks.Opening;
using ImageBackup.Disks.Unpacking;
using ImageBackup.TestSupport;

namespace ImageBackup.Disks.Tests;

/// <summary>docs/formats.md lists what the library reads, writes and refuses.</summary>
public sealed partial class FormatsPageTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(ProgramRun.Repository, "docs", "formats.md"));

    [Fact]
    public void Every_format_is_listed_with_what_is_read_and_written()
    {
        var rows = Rows("What is read and written");

        Assert.Equal(Enum.GetValues<DiskFormat>().Select(DiskFormatNames.NameOf), rows.Select(row => row[0]));
        Assert.Equal(
            Enum.GetValues<DiskFormat>().Where(format => DiskImages.IsRead(format) || UnpackedStream.Reads(format)).Select(DiskFormatNames.NameOf),
            rows.Where(row => row[2] != "no").Select(row => row[0]));
        Assert.Equal(
            Enum.GetValues<DiskFormat>().Where(UnpackedStream.Reads).Select(DiskFormatNames.NameOf),
            rows.Where(row => row[2].StartsWith("around one disk image", StringComparison.Ordinal)).Select(row => row[0]));
        Assert.Equal(["raw", "qcow2", "VMDK"], rows.Where(row => row[3] != "no").Select(row => row[0]));
    }

    [Fact]
    public void Every_declared_format_means_what_is_listed()
    {
        foreach (var row in Rows("Declared formats"))
        {
            Assert.All(Words(row[1]), word => Assert.Equal(row[0], NameOf(DiskFormatNames.FromGlance(word))));
            Assert.All(Words(row[2]), word => Assert.Equal(row[0], NameOf(DiskFormatNames.FromOvf($"http://example.com/{word}"))));
        }
    }

    [Fact]
    public void Every_refusal_is_listed()
    {
        var sources = Directory.GetFiles(Path.Combine(ProgramRun.Repository, "src", "ImageBackup.Disks"), "*.cs", SearchOption.AllDirectories);
        var messages = sources.SelectMany(source => Refusal().Matches(File.ReadAllText(source))).Select(match => Value().Replace(match.Groups["message"].Value, "…")).Distinct();

        Assert.Equal(messages.Order(StringComparer.Ordinal), Rows("What is refused").Select(row => row[1]).Order(StringComparer.Ordinal));
    }

    private static string? NameOf(DiskFormat? format) => format is { } known ? DiskFormatNames.NameOf(known) : null;

    private static IEnumerable<string> Words(string cell) => Word().Matches(cell).Select(match => match.Groups[1].Value);

    /// <summary>The rows of the table below a heading, without its own heading.</summary>
    private static List<string[]> Rows(string heading) =>
    [
        .. Page.Split($"## {heading}\n")[1].Split("\n## ")[0].Split('\n').Where(line => line.StartsWith('|')).Skip(2)
            .Select(line => line.Trim('|').Split('|').Select(cell => cell.Trim()).ToArray()),
    ];

    [GeneratedRegex(@"DiskImageException\.(Unsupported|TooLarge)\(\s*\$?""(?<message>[^""]*)""")]
    private static partial Regex Refusal();

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Value();

    [GeneratedRegex("`([^`]*)`")]
    private static partial Regex Word();
}
