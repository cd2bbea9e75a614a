using System.Diagnostics;
using System.Security.Cryptography;
using ImageBackup.Ova.Archive;
using ImageBackup.Ova.IO;
using ImageBackup.Ova.Tests.IO;
using ImageBackup.TestSupport;

namespace ImageBackup.Ova.Tests.Archive;

public sealed class OvaWriterTests : IDisposable
{
    private readonly TempDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task Gnu_tar_lists_descriptor_manifest_volumes_and_block_lists_in_that_order_and_extracts_them()
    {
        await Sample.TwoVolumesAsync(directory, directory["out.ova"]);

        var listing = Tool.Run("tar", "tf", directory["out.ova"]);
        Directory.CreateDirectory(directory["x"]);
        Tool.Run("tar", "xf", directory["out.ova"], "-C", directory["x"]);

        Assert.Equal(["out.ovf", "out.mf", "vol-boot", "vol-data", "vol-boot.blocks"], listing.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        foreach (var name in (string[])["vol-boot", "vol-data", "vol-boot.blocks"])
        {
            Assert.Equal(await File.ReadAllBytesAsync(directory[name]), await File.ReadAllBytesAsync(directory[$"x/{name}"]));
        }
    }

    [Fact]
    public async Task Sha256sum_confirms_the_manifest()
    {
        await Sample.TwoVolumesAsync(directory, directory["out.ova"]);
        Directory.CreateDirectory(directory["x"]);
        Tool.Run("tar", "xf", directory["out.ova"], "-C", directory["x"]);

        var lines = await File.ReadAllLinesAsync(directory["x/out.mf"]);

        // sha256sum --check reads lines with a blank before the equals sign.
        await File.WriteAllLinesAsync(directory["x/tagged"], lines.Select(line => line.Replace("SHA256(", "SHA256 (", StringComparison.Ordinal).Replace(")= ", ") = ", StringComparison.Ordinal)));
        var checkedNames = Tool.Run("sh", "-c", $"cd '{directory["x"]}' && sha256sum --strict -c tagged");
        Assert.Equal(4, lines.Length);
        Assert.All(lines, line => Assert.Matches(@"^SHA256\([^)]+\)= [0-9a-f]{64}$", line));
        Assert.Equal(4, checkedNames.Split(": OK").Length - 1);
    }

    [Fact]
    public async Task Hash_and_size_are_reported_and_the_archive_is_reproducible()
    {
        var written = await Sample.TwoVolumesAsync(directory, directory["out.ova"]);
        var bytes = await File.ReadAllBytesAsync(directory["out.ova"]);
        var members = (string[])["vol-boot", "vol-data", "vol-boot.blocks"];

        var again = await Sample.WriteAsync(
            directory["out.ova"],
            Sample.Descriptor(Sample.Volume("vol-boot", 70_000, boot: true), Sample.Volume("vol-data", 1 << 20)),
            [.. members.Select(name => Sample.Member(directory, name, File.ReadAllBytes(directory[name]), align: name != "vol-boot.blocks"))]);

        Assert.Equal(bytes.Length, written.Size);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), written.Sha256);
        Assert.Equal(written, again);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(511)]
    [InlineData(512)]
    [InlineData(70_001)]
    public async Task The_first_aligned_volume_begins_at_a_multiple_of_4096(int listSize)
    {
        var volume = Sample.Member(directory, "disk", Random.Shared.NextBytes(10_000), align: true);
        var list = Sample.Member(directory, "disk.blocks", Random.Shared.NextBytes(listSize));

        await Sample.WriteAsync(directory["out.ova"], Sample.Descriptor(Sample.Volume("disk", 10_000)), list, volume);

        var archive = await OvaReader.ReadAsync(directory["out.ova"], Sample.Options(directory), Sample.NoProgress, CancellationToken.None);
        Assert.Equal(0, archive.Volumes[0].Stored.Offset % 4096);
        Assert.Equal(listSize, archive.Volumes[0].BlockList!.Length);
    }

    [Fact]
    public async Task A_sparse_volume_of_more_than_8_GiB_stays_sparse_and_tar_reads_its_size()
    {
        const long size = (8L << 30) + 12_345;
        var pattern = Random.Shared.NextBytes(100_000);
        using (var file = File.OpenHandle(directory["disk"], FileMode.CreateNew, FileAccess.Write))
        {
            RandomAccess.SetLength(file, size);
            RandomAccess.Write(file, pattern, size - pattern.Length);
        }

        var member = new OvaMember { Name = "disk", FilePath = directory["disk"], Size = size, Sha256 = new string('0', 64), AlignData = true };
        var watch = Stopwatch.StartNew();

        var written = await Sample.WriteAsync(directory["out.ova"], Sample.Descriptor(Sample.Volume("disk", size)), member);

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(60), $"It took {watch.Elapsed}.");
        Assert.Contains($" {size} ", Tool.Run("tar", "tvf", directory["out.ova"]), StringComparison.Ordinal);
        Assert.True(written.Size > size);
        Assert.True(long.Parse(Tool.Run("stat", "-c", "%b", directory["out.ova"])) * 512 < 1 << 20, "The archive takes the disk of its holes.");
        var archive = await OvaReader.ReadAsync(directory["out.ova"], Sample.Options(directory), Sample.NoProgress, CancellationToken.None);
        var stored = archive.Volumes[0].Stored;
        Assert.Equal(size, stored.Length);
        using var ova = File.OpenHandle(directory["out.ova"]);
        var tail = new byte[pattern.Length];
        Assert.Equal(tail.Length, RandomAccess.Read(ova, tail, stored.Offset + size - pattern.Length));
        Assert.Equal(pattern, tail);
        Assert.True(NativeFile.NextData(ova, stored.Offset + 4096) > size - 200_000);
    }

    [Fact]
    public async Task GNU_tar_reads_long_and_non_ASCII_names()
    {
        var name = "größe-" + new string('x', 150);
        var member = Sample.Member(directory, name, [1, 2, 3]);

        await Sample.WriteAsync(directory[new string('n', 200) + ".ova"], Sample.Descriptor(Sample.Volume(name, 3)), member);

        var path = directory[new string('n', 200) + ".ova"];
        Assert.Contains(name, Tool.Run("tar", "--quoting-style=literal", "-tf", path), StringComparison.Ordinal);
        var archive = await OvaReader.ReadAsync(path, Sample.Options(directory), Sample.NoProgress, CancellationToken.None);
        Assert.Equal(name, archive.Volumes[0].Volume.Href);
    }

    [Fact]
    public async Task Progress_rises_and_ends_at_the_archives_size()
    {
        var member = Sample.Member(directory, "disk", new byte[200 << 20]);
        List<long> told = [];

        var written = await new OvaWriter(TimeProvider.System).WriteAsync(
            directory["out.ova"],
            Sample.Descriptor(Sample.Volume("disk", member.Size)),
            [member],
            (bytes, _) =>
            {
                told.Add(bytes);
                return ValueTask.CompletedTask;
            },
            CancellationToken.None);

        Assert.Equal(told.Order(), told);
        Assert.Equal(written.Size, told[^1]);
        Assert.True(told.Count > 6);
    }

    [Fact]
    public async Task Canceling_leaves_neither_archive_nor_partial_file()
    {
        var member = Sample.Member(directory, "disk", new byte[200 << 20]);
        using var cancellation = new CancellationTokenSource();

        var writing = new OvaWriter(TimeProvider.System).WriteAsync(
            directory["out.ova"],
            Sample.Descriptor(Sample.Volume("disk", member.Size)),
            [member],
            (bytes, _) => bytes > 100 << 20 ? new ValueTask(cancellation.CancelAsync()) : ValueTask.CompletedTask,
            cancellation.Token);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => writing);
        Assert.Equal(["disk"], directory.Names);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public async Task A_file_of_another_size_than_its_member_is_refused_and_the_old_archive_stays(int difference)
    {
        await File.WriteAllTextAsync(directory["out.ova"], "the old one");
        var member = Sample.Member(directory, "disk", new byte[100_000]);

        var failure = await Assert.ThrowsAsync<InvalidOvaException>(() => Sample.WriteAsync(
            directory["out.ova"], Sample.Descriptor(Sample.Volume("disk", member.Size)), member with { Size = member.Size + difference }));

        Assert.Contains("'disk' has 100000 bytes", failure.Message, StringComparison.Ordinal);
        Assert.Equal(["disk", "out.ova"], directory.Names);
        Assert.Equal("the old one", await File.ReadAllTextAsync(directory["out.ova"]));
    }

    [Fact]
    public async Task Members_and_descriptor_must_match()
    {
        var disk = Sample.Member(directory, "disk", [1]);
        var other = Sample.Member(directory, "other", [1]);
        var descriptor = Sample.Descriptor(Sample.Volume("disk", 1));

        var missing = await Assert.ThrowsAsync<InvalidOvaException>(() => Sample.WriteAsync(directory["out.ova"], descriptor));
        var extra = await Assert.ThrowsAsync<InvalidOvaException>(() => Sample.WriteAsync(directory["out.ova"], descriptor, disk, other));
        var twice = await Assert.ThrowsAsync<InvalidOvaException>(() => Sample.WriteAsync(directory["out.ova"], descriptor, disk, disk));
        var path = await Assert.ThrowsAsync<InvalidOvaException>(() => Sample.WriteAsync(directory["out.ova"], descriptor, disk with { Name = "../disk" }));

        Assert.Contains("'disk' is no member", missing.Message, StringComparison.Ordinal);
        Assert.Contains("'other' belongs to no volume", extra.Message, StringComparison.Ordinal);
        Assert.Contains("two members 'disk'", twice.Message, StringComparison.Ordinal);
        Assert.Contains("dot segments", path.Message, StringComparison.Ordinal);
    }
}
