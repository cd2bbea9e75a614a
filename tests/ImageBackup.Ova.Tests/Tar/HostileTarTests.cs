using System.Text;
using ImageBackup.Ova.Archive;
using ImageBackup.Ova.Tests.Archive;
using ImageBackup.Ova.Tests.Descriptor;
using ImageBackup.Ova.Tests.IO;

namespace ImageBackup.Ova.Tests.Tar;

public sealed class HostileTarTests : IDisposable
{
    private static readonly byte[] Descriptor = PowerVcs.With();

    private static readonly Dictionary<string, (Func<byte[]> Archive, string Reason)> Cases = new()
    {
        ["no tar at all"] = (() => Encoding.ASCII.GetBytes(new string('x', 2000)), "wrong checksum"),
        ["short file"] = (() => [1, 2, 3], "truncated"),
        ["empty file"] = (() => [], "no descriptor"),
        ["zeros alone"] = (() => new byte[1024], "no descriptor"),
        ["hard link"] = (() => Good().Add("link", [], '1').End(), "a hard link"),
        ["symbolic link"] = (() => Good().Add("link", [], '2').End(), "a symbolic link"),
        ["character device"] = (() => Good().Add("tty", [], '3').End(), "a device"),
        ["block device"] = (() => Good().Add("sda", [], '4').End(), "a device"),
        ["directory above"] = (() => Good().Add("../dir/", [], '5').End(), "dot segments"),
        ["absolute directory"] = (() => Good().Add("/dir/", [], '\0').End(), "absolute"),
        ["directory with data"] = (() => Good().Add("dir/", [1], '0').End(), "empty folder or file name"),
        ["fifo"] = (() => Good().Add("pipe", [], '6').End(), "a fifo"),
        ["sparse without size"] = (() => Good().Add("disk", [], 'S').End(), "no valid size"),
        ["pax sparse without size"] = (() => Good().Add("x", RawTar.Pax("GNU.sparse.major", "1"), 'x').Add("disk", []).End(), "does not tell its size"),
        ["pax sparse of an unknown version"] = (() => Sparse(("major", "2"), ("minor", "0"), ("realsize", "10")), "'2.0' is not supported"),
        ["pax sparse without map"] = (() => Sparse(("major", "1"), ("minor", "0"), ("realsize", "10")), "ends within a line"),
        ["pax sparse with a map of letters"] = (() => Sparse(Block("1\nx\n"), ("major", "1"), ("minor", "0"), ("realsize", "10")), "no number"),
        ["pax sparse with a map without end"] = (() => Sparse(Block("9999999999\n0\n"), ("major", "1"), ("minor", "0"), ("realsize", "10")), "no number"),
        ["pax sparse that overlaps"] = (() => Sparse(new byte[20], ("size", "100"), ("map", "50,10,55,10")), "the piece before it ends at 60"),
        ["pax sparse that overflows"] = (() => Sparse(new byte[20], ("size", "100"), ("map", "9223372036854775807,10")), "a piece of 10 bytes"),
        ["pax sparse behind its end"] = (() => Sparse(new byte[20], ("size", "60"), ("map", "50,20")), "ends at byte 70"),
        ["pax sparse with more data than stored"] = (() => Sparse(new byte[20], ("size", "100"), ("map", "50,21")), "covers 21 stored bytes"),
        ["pax sparse with half a pair"] = (() => Sparse(new byte[20], ("size", "100"), ("map", "50")), "1 numbers, not pairs"),
        ["pax sparse with a length first"] = (() => Sparse(new byte[20], ("size", "100"), ("numbytes", "20")), "a length before an offset"),
        ["star sparse"] = (() => Good().Add("x", RawTar.Pax("SCHILY.realsize", "10"), 'x').Add("disk", []).End(), "star is not supported"),
        ["multi-volume"] = (() => Good().Add("disk", [], 'M').End(), "another archive"),
        ["unknown type"] = (() => Good().Add("disk", [], '\u0007').End(), "unknown type '\\u0007'"),
        ["duplicate"] = (() => Good().Add("aixdb_boot", []).End(), "two members 'aixdb_boot'"),
        ["duplicate in other case"] = (() => Good().Add("AIXDB_boot", []).End(), "two members 'AIXDB_boot'"),
        ["duplicate by dot"] = (() => Good().Add("./aixdb_boot", []).End(), "two members 'aixdb_boot'"),
        ["absolute"] = (() => Good().Add("/etc/passwd", []).End(), "absolute"),
        ["traversal"] = (() => Good().Add("../x", []).End(), "dot segments"),
        ["traversal in the middle"] = (() => Good().Add("a/../../x", []).End(), "dot segments"),
        ["traversal by prefix"] = (() => Good().Add("x", [], prefix: "..").End(), "dot segments"),
        ["empty part"] = (() => Good().Add("a//x", []).End(), "empty folder or file name"),
        ["backslash in a name"] = (() => Good().Add("a\\x", []).End(), "backslash"),
        ["backslash"] = (() => Good().Add("..\\x", []).End(), "dot segments"),
        ["dot"] = (() => Good().Add(".", []).End(), "dot segments"),
        ["dot in a folder"] = (() => Good().Add("a/./x", []).End(), "dot segments"),
        ["no name"] = (() => Good().Add("", []).End(), "empty"),
        ["control character"] = (() => Good().Add("a\u001b[2Jb", []).End(), "'a\\u001b[2Jb' is refused: it has control characters"),
        ["newline"] = (() => Good().Add("a\nb", []).End(), "control characters"),
        ["no UTF-8"] = (() => Good().Add("././@LongLink", [0xff, 0xfe, 0], 'L').Add("x", []).End(), "not UTF-8"),
        ["negative size"] = (() => Good().Add("x", [], sizeField: [0xff, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 254]).End(), "no number from 0"),
        ["overflowing size"] = (() => Good().Add("x", [], sizeField: [0x80, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]).End(), "no number from 0"),
        ["size with the top bit"] = (() => Good().Add("x", [], sizeField: [0x80, 0, 0, 0, 0x80, 0, 0, 0, 0, 0, 0, 0]).End(), "no number from 0"),
        ["greatest size"] = (() => Good().Add("x", [], sizeField: [0x80, 0, 0, 0, 0x7f, 255, 255, 255, 255, 255, 255, 255]).End(), "9223372036854775807 bytes"),
        ["size beyond the file"] = (() => Good().Add("x", [], sizeField: RawTar.Octal(100_000)).End(), "has 100000 bytes"),
        ["size no number"] = (() => Good().Add("x", [], sizeField: "0000000000x\0"u8.ToArray()).End(), "no number from 0"),
        ["size empty"] = (() => Good().Add("x", [], sizeField: new byte[12]).End(), "no number from 0"),
        ["pax size beyond the file"] = (() => Good().Add("x", RawTar.Pax("size", "9223372036854775807"), 'x').Add("x", []).End(), "9223372036854775807 bytes"),
        ["pax size no number"] = (() => Good().Add("x", RawTar.Pax("size", "-1"), 'x').Add("x", []).End(), "'-1'"),
        ["pax size too large for a long"] = (() => Good().Add("x", RawTar.Pax("size", "99999999999999999999"), 'x').Add("x", []).End(), "no number of bytes"),
        ["pax path traversal"] = (() => Good().Add("x", RawTar.Pax("path", "../x"), 'x').Add("x", []).End(), "dot segments"),
        ["pax malformed"] = (() => Good().Add("x", "99 path=x\n"u8.ToArray(), 'x').Add("x", []).End(), "malformed"),
        ["pax without length"] = (() => Good().Add("x", "path=x\n"u8.ToArray(), 'x').Add("x", []).End(), "malformed"),
        ["pax too large"] = (() => Good().Add("x", new byte[(1 << 20) + 1], 'x').End(), "At most 1048576"),
        ["global path"] = (() => Good().Add("x", RawTar.Pax("path", "x"), 'g').End(), "every member"),
        ["long name traversal"] = (() => Good().Add("././@LongLink", "../x\0"u8.ToArray(), 'L').Add("x", []).End(), "dot segments"),
        ["long name too long"] = (() => Good().Add("././@LongLink", Encoding.ASCII.GetBytes(new string('n', 256)), 'L').Add("x", []).End(), "longer than 255"),
        ["long name without member"] = (() => Good().Add("././@LongLink", "x\0"u8.ToArray(), 'L').End(), "truncated"),
        ["bad checksum"] = (() => Good().Add("x", [], goodChecksum: false).End(), "wrong checksum"),
        ["cut in a header"] = (() => Good().Add("x", []).Unended()[..^100], "truncated"),
        ["cut in the data"] = (() => RawTar.Of(("x.ovf", Descriptor), ("aixdb_boot", new byte[5000])).Unended()[..^1000], "truncated"),
        ["cut in the padding"] = (() => RawTar.Of(("x.ovf", Descriptor), ("aixdb_boot", new byte[5000])).Unended()[..^10], "truncated"),
        ["garbage after the end"] = (() => [.. Good().End(), 1], "Data other than zeros"),
        ["archive after the end"] = (() => Good().Raw(new byte[512]).Add("late", []).End(), "Data other than zeros"),
        ["endless zeros after the end"] = (() => Good().End(2 << 20), "At most 1048576 zeros"),
        ["too many members"] = (() => Many(1025).End(), "more than 1024 members"),
        ["too many headers"] = (() => Headers(1025).End(), "more than 1024 members"),
    };

    private readonly TempDirectory directory = new();

    public static TheoryData<string> Names => [.. Cases.Keys];

    public void Dispose() => directory.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_hostile_archive_is_refused_with_its_reason(string what)
    {
        var (archive, reason) = Cases[what];
        await File.WriteAllBytesAsync(directory["x.ova"], archive());

        var failure = await Assert.ThrowsAsync<InvalidOvaException>(ReadAsync);

        Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(failure.Message, char.IsControl);
        Assert.Equal(["x.ova"], directory.Names);
    }

    [Fact]
    public async Task Harmless_deviations_are_read()
    {
        Func<byte[]>[] archives =
        [
            () => Good().Unended(),
            () => Good().End(512),
            () => RawTar.Of(("x.ovf", Descriptor)).Add("./", [], '5').Add("dir/", [], '5').Add("label", [], 'V').Add("././aixdb_boot", [1]).End(),
            () => RawTar.Of(("x.ovf", Descriptor), ("._x.ovf", [5]), ("._aixdb_boot", [6]), ("aixdb_boot", [1]), ("dir/._x.mf", [7])).End(),
            () => RawTar.Of(("a/b/x.ovf", Descriptor)).Add("a/b/aixdb_boot", [1]).End(),
            () => Good().End(10_240),
            () => RawTar.Of(("x.ovf", Descriptor)).Add("aixdb_boot", [1], magic: "ustar  \0", prefix: "garbage").End(),
            () => RawTar.Of(("x.ovf", Descriptor)).Add("aixdb_boot", [1], magic: "", type: '\0').End(),
            () => RawTar.Of(("x.ovf", Descriptor)).Add("x", RawTar.Pax("path", "aixdb_boot"), 'x').Add("y", [1]).End(),
            () => RawTar.Of(("x.ovf", Descriptor)).Add("g", RawTar.Pax("comment", "hello"), 'g').Add("aixdb_boot", [1], '7').End(),
            () => RawTar.Of(("x.ovf", Descriptor)).Add("aixdb_boot", [1]).Add("größe", [], signed: true).End(),
            () => RawTar.Of(("x.ovf", Descriptor)).Add("aixdb_boot", [1], sizeField: [0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]).End(),
        ];
        foreach (var archive in archives)
        {
            await File.WriteAllBytesAsync(directory["x.ova"], archive());

            Assert.EndsWith("aixdb_boot", (await ReadAsync()).Volumes.Single().Volume.Href, StringComparison.Ordinal);
        }
    }

    private Task<OvaArchive> ReadAsync() =>
        OvaReader.ReadAsync(directory["x.ova"], Sample.Options(directory), Sample.NoProgress, CancellationToken.None);

    private static RawTar Good() => RawTar.Of(("x.ovf", Descriptor), ("aixdb_boot", [1]));

    private static byte[] Sparse(params (string Key, string Value)[] records) => Sparse([], records);

    private static byte[] Sparse(byte[] data, params (string Key, string Value)[] records)
        => Good().Add("x", [.. records.SelectMany(record => RawTar.Pax($"GNU.sparse.{record.Key}", record.Value))], 'x').Add("disk", data).End();

    private static byte[] Block(string text) => [.. Encoding.ASCII.GetBytes(text), .. new byte[512 - text.Length]];

    private static RawTar Many(int count) => RawTar.Of([.. Enumerable.Range(0, count).Select(number => ($"m{number}", Array.Empty<byte>()))]);

    private static RawTar Headers(int count)
    {
        var tar = new RawTar();
        for (var i = 0; i < count; i++)
        {
            tar.Add("g", RawTar.Pax("comment", "x"), 'g');
        }

        return tar;
    }
}
