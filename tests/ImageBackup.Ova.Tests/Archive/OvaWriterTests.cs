using System.Diagnostics;
using ImageBackup.Ova.Archive;
using ImageBackup.Ova.Blocks;
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

        Assert.Equal(
            ["out.ovf", "out.mf", "vol-boot", "vol-data", "vol-boot.blocks", "vol-data.blocks"], listing.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        foreach (var name in (string[])["vol-boot", "vol-data", "vol-boot.blocks", "vol-data.blocks"])
        {
            Assert.Equal(await File.ReadAllBytesAsync(directory[name]), await File.ReadAllBytesAsync(directory[$"x/{name}"]));
        }
    }

    [Fact]
    public async Task Sha256sum_confirms_the_manifest()
    {
        var written = await Sample.TwoVolumesAsync(directory, directory["out.ova"]);
        Directory.CreateDirectory(directory["x"]);
        Tool.Run("tar", "xf", directory["out.ova"], "-C", directory["x"]);

        var lines = await File.ReadAllLinesAsync(directory["x/out.mf"]);

        // sha256sum --check reads lines with a blank before the equals sign.
        await File.WriteAllLinesAsync(directory["x/tagged"], lines.Select(line => line.Replace("SHA256(", "SHA256 (", StringComparison.Ordinal).Replace(")= ", ") = ", StringComparison.Ordinal)));
        var checkedNames = Tool.Run("sh", "-c", $"cd '{directory["x"]}' && sha256sum --strict -c tagged");
        Assert.Equal(5, lines.Length);
        Assert.All(lines, line => Assert.Matches(@"^SHA256\([^)]+\)= [0-9a-f]{64}$", line));
        Assert.Equal(5, checkedNames.Split(": OK").Length - 1);
        Assert.Equal(Tool.Run("sha256sum", directory["x/out.mf"]).Split(' ')[0], written.ManifestSha256);
    }

    [Fact]
    public async Task The_size_is_returned_and_the_archive_is_reproducible()
    {
        var written = await Sample.TwoVolumesAsync(directory, directory["out.ova"]);
        var bytes = await File.ReadAllBytesAsync(directory["out.ova"]);

        var again = await Sample.WriteAsync(
            directory["out.ova"],
            Sample.Descriptor(Sample.Volume("vol-boot", 70_000, boot: true), Sample.Volume("vol-data", 1 << 20)),
            [.. ((string[])["vol-boot", "vol-data"]).Select(name => Sample.File(directory, name, File.ReadAllBytes(directory[name]), File.ReadAllBytes(directory[name + ".blocks"])))]);

        Assert.Equal(bytes.Length, written.Size);
        Assert.Equal(written, again);
        Assert.Equal(bytes, await File.ReadAllBytesAsync(directory["out.ova"]));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(511)]
    [InlineData(512)]
    [InlineData(70_001)]
    public async Task The_first_volume_begins_at_a_multiple_of_4096(int listSize)
    {
        await Sample.WriteAsync(
            directory["out.ova"],
            Sample.Descriptor(Sample.Volume("disk", 10_000)),
            Sample.File(directory, "disk", Random.Shared.NextBytes(10_000), Random.Shared.NextBytes(listSize)));

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

        var writer = new OvaWriter(directory["out.ova"], Sample.Descriptor(Sample.Volume("disk", size)), Sample.Time);
        var watch = Stopwatch.StartNew();

        var packed = await writer.PackAsync([], directory["disk"], OvaCompression.None, new DataPathOptions(), Sample.NoProgress, CancellationToken.None);
        var written = await writer.FinishAsync([packed], Sample.NoProgress, CancellationToken.None);

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(180), $"It took {watch.Elapsed}.");
        Assert.Contains($" {size} ", Tool.Run("tar", "tvf", directory["out.ova"]), StringComparison.Ordinal);
        Assert.True(written.Size > size);
        Assert.True(long.Parse(Tool.Run("stat", "-c", "%b", directory["out.ova"])) * 512 < 4 << 20, $"The archive takes {Tool.Run("stat", "-c", "%b", directory["out.ova"])} blocks of the disk, with its holes.");
        var archive = await OvaReader.ReadAsync(directory["out.ova"], Sample.Options(directory), Sample.NoProgress, CancellationToken.None);
        var stored = archive.Volumes[0].Stored;
        Assert.Equal(size, stored.Length);
        using var ova = File.OpenHandle(directory["out.ova"]);
        var tail = new byte[pattern.Length];
        Assert.Equal(tail.Length, RandomAccess.Read(ova, tail, stored.Offset + size - pattern.Length));
        Assert.Equal(pattern, tail);
        Assert.True(NativeFile.NextData(ova, stored.Offset + 4096) > size - 2 * VolumeBlocks.Size);
    }

    [Fact]
    public async Task GNU_tar_reads_long_and_non_ASCII_names()
    {
        var name = "größe-" + new string('x', 150);
        var path = directory[new string('n', 200) + ".ova"];

        await Sample.WriteAsync(path, Sample.Descriptor(Sample.Volume(name, 3)), Sample.File(directory, name, [1, 2, 3]));

        Assert.Contains(name, Tool.Run("tar", "--quoting-style=literal", "-tf", path), StringComparison.Ordinal);
        var archive = await OvaReader.ReadAsync(path, Sample.Options(directory), Sample.NoProgress, CancellationToken.None);
        Assert.Equal(name, archive.Volumes[0].Volume.Href);
        Assert.Equal(0, archive.Volumes[0].Stored.Offset % 4096);
    }

    [Theory]
    [InlineData(OvaCompression.None, long.MaxValue)]
    [InlineData(OvaCompression.None, 0)]
    [InlineData(OvaCompression.Fast, long.MaxValue)]
    [InlineData(OvaCompression.Fast, 0)]
    public async Task An_interrupted_archive_continues_behind_its_volumes_and_has_the_same_bytes(OvaCompression compression, long directFrom)
    {
        var options = new DataPathOptions { DirectFrom = directFrom };
        var disks = Disks();
        var expected = await PackAllAsync(directory["expected/out.ova"], disks, compression);
        var packed = new List<PackedVolume> { await Writer(compression).PackAsync([], disks[0], compression, options, Sample.NoProgress, CancellationToken.None) };
        using var cancellation = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Writer(compression).PackAsync(packed, disks[1], compression, options, StopAsync, cancellation.Token));
        await File.AppendAllTextAsync(OvaWriter.PartialPathOf(directory["out.ova"]), new string('x', 5 << 20));

        foreach (var disk in disks[1..])
        {
            packed.Add(await Writer(compression).PackAsync(packed, disk, compression, options, Sample.NoProgress, CancellationToken.None));
        }

        var written = await Writer(compression).FinishAsync(packed, Sample.NoProgress, CancellationToken.None);
        Assert.Equal(expected, written);
        Assert.Equal("", Tool.Run("cmp", directory["expected/out.ova"], directory["out.ova"]));
        Assert.Equal(["disk-0", "disk-1", "disk-2", "expected", "out.ova"], directory.Names);

        ValueTask StopAsync(long bytes, CancellationToken token) => bytes > 2 << 20 ? new ValueTask(cancellation.CancelAsync()) : ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Finishing_again_after_the_archive_has_its_name_returns_the_same()
    {
        var writer = new OvaWriter(directory["out.ova"], Sample.Descriptor(Sample.Volume("disk", 3)), Sample.Time);
        var file = Sample.File(directory, "disk", [1, 2, 3]);
        var packed = await writer.CopyAsync([], file.Packed, file.Path, file.Path + ".blocks", CancellationToken.None);

        var first = await writer.FinishAsync([packed], Sample.NoProgress, CancellationToken.None);
        var bytes = await File.ReadAllBytesAsync(directory["out.ova"]);
        var second = await writer.FinishAsync([packed], Sample.NoProgress, CancellationToken.None);

        Assert.Equal(first, second);
        Assert.Equal(bytes, await File.ReadAllBytesAsync(directory["out.ova"]));
    }

    [Fact]
    public async Task A_temporary_file_that_lost_its_end_is_refused_and_the_old_archive_stays()
    {
        await File.WriteAllTextAsync(directory["out.ova"], "the old one");
        var writer = new OvaWriter(directory["out.ova"], Sample.Descriptor(Sample.Volume("disk", 100_000)), Sample.Time);
        var file = Sample.File(directory, "disk", new byte[100_000]);
        var packed = await writer.CopyAsync([], file.Packed, file.Path, file.Path + ".blocks", CancellationToken.None);
        await using (var partial = File.OpenWrite(OvaWriter.PartialPathOf(directory["out.ova"])))
        {
            partial.SetLength(50_000);
        }

        var refused = await Assert.ThrowsAsync<InvalidOvaException>(() => writer.FinishAsync([packed], Sample.NoProgress, CancellationToken.None));

        Assert.Contains("out.ova.partial has 50000 bytes", refused.Message, StringComparison.Ordinal);
        Assert.Equal("the old one", await File.ReadAllTextAsync(directory["out.ova"]));
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("", false)]
    [InlineData(".blocks", true)]
    [InlineData(".blocks", false)]
    public async Task A_link_in_place_of_a_temporary_file_is_refused_and_its_target_stays(string suffix, bool isSymbolic)
    {
        var disks = Disks();
        var packed = new List<PackedVolume> { await PackAsync([]) };
        var partial = OvaWriter.PartialPathOf(directory["out.ova"]) + suffix;
        File.Move(partial, directory["victim"]);
        var bytes = await File.ReadAllBytesAsync(directory["victim"]);
        if (isSymbolic)
        {
            File.CreateSymbolicLink(partial, directory["victim"]);
        }
        else
        {
            FileCopy.HardLink(directory["victim"], partial);
        }

        var next = await Assert.ThrowsAnyAsync<Exception>(() => PackAsync(packed));
        var last = await Assert.ThrowsAnyAsync<Exception>(() => Writer(OvaCompression.None).FinishAsync([packed[0], packed[0], packed[0]], Sample.NoProgress, CancellationToken.None));

        var expected = $"out.ova.partial{suffix} {(isSymbolic ? "is not a regular file." : "was replaced, or has a second name.")}";
        Assert.StartsWith(expected, next.Message, StringComparison.Ordinal);
        Assert.StartsWith(expected, last.Message, StringComparison.Ordinal);
        Assert.Equal(bytes, await File.ReadAllBytesAsync(directory["victim"]));
        Assert.False(File.Exists(directory["out.ova"]));

        Task<PackedVolume> PackAsync(IReadOnlyList<PackedVolume> written)
            => Writer(OvaCompression.None).PackAsync(written, disks[written.Count], OvaCompression.None, new DataPathOptions(), Sample.NoProgress, CancellationToken.None);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public async Task A_file_of_another_size_than_its_member_is_refused(int difference)
    {
        var file = Sample.File(directory, "disk", new byte[100_000]);

        var refused = await Assert.ThrowsAsync<InvalidOvaException>(() => Sample.WriteAsync(
            directory["out.ova"],
            Sample.Descriptor(Sample.Volume("disk", 100_000)),
            file with { Packed = file.Packed with { StoredSize = 100_000 + difference } }));

        Assert.Contains("'disk' has 100000 bytes", refused.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(directory["out.ova"]));
    }

    [Fact]
    public async Task Progress_rises_to_the_bytes_that_are_written_at_the_end()
    {
        var writer = new OvaWriter(directory["out.ova"], Sample.Descriptor(Sample.Volume("disk", 3)), Sample.Time);
        var file = Sample.File(directory, "disk", [1, 2, 3], new byte[5000]);
        var packed = await writer.CopyAsync([], file.Packed, file.Path, file.Path + ".blocks", CancellationToken.None);
        List<long> told = [];

        await writer.FinishAsync([packed], Tell, CancellationToken.None);

        Assert.Equal(told.Order(), told);
        Assert.Equal(writer.BytesToFinish([packed]), told[^1]);

        ValueTask Tell(long bytes, CancellationToken token)
        {
            told.Add(bytes);
            return ValueTask.CompletedTask;
        }
    }

    [Fact]
    public async Task Members_and_descriptor_must_match()
    {
        var missing = await Assert.ThrowsAsync<InvalidOvaException>(() => Sample.WriteAsync(directory["out.ova"], Sample.Descriptor(Sample.Volume("disk", 1))));
        var none = Refused();
        var twice = Refused("disk", "DISK");
        var list = Refused("disk", "disk.blocks");
        var manifest = Refused("out.mf");
        var path = Refused("../disk");

        Assert.Contains("0 of the descriptor's 1 volumes", missing.Message, StringComparison.Ordinal);
        Assert.Contains("has no volume", none, StringComparison.Ordinal);
        Assert.Contains("two members 'DISK'", twice, StringComparison.Ordinal);
        Assert.Contains("two members 'disk.blocks'", list, StringComparison.Ordinal);
        Assert.Contains("two members 'out.mf'", manifest, StringComparison.Ordinal);
        Assert.Contains("dot segments", path, StringComparison.Ordinal);
        Assert.Empty(directory.Names);

        string Refused(params string[] names)
            => Assert.Throws<InvalidOvaException>(() => new OvaWriter(directory["out.ova"], Sample.Descriptor([.. names.Select(name => Sample.Volume(name, 1))]), Sample.Time)).Message;
    }

    /// <summary>Three disks of different shapes: data that compresses, holes around noise, and a short one.</summary>
    private string[] Disks()
    {
        Directory.CreateDirectory(directory["expected"]);
        var paths = Enumerable.Range(0, 3).Select(number => directory[$"disk-{number}"]).ToArray();
        File.WriteAllBytes(paths[0], [.. Enumerable.Range(0, 5_000_000).Select(i => (byte)(i % 100))]);
        using (var file = File.OpenHandle(paths[1], FileMode.CreateNew, FileAccess.Write))
        {
            RandomAccess.SetLength(file, 64 << 20);
            RandomAccess.Write(file, Random.Shared.NextBytes(6_000_000), 1_000_000);
            RandomAccess.Write(file, Random.Shared.NextBytes(1_000), 40_000_000);
        }

        File.WriteAllBytes(paths[2], Random.Shared.NextBytes(12_345));
        return paths;
    }

    private OvaWriter Writer(OvaCompression compression, string? path = null) => new(
        path ?? directory["out.ova"],
        Sample.Descriptor([.. Enumerable.Range(0, 3).Select(number => Sample.Volume($"vol-{number}", new FileInfo(directory[$"disk-{number}"]).Length, gzip: compression != OvaCompression.None))]),
        Sample.Time);

    private async Task<WrittenOva> PackAllAsync(string path, IReadOnlyList<string> disks, OvaCompression compression)
    {
        var packed = new List<PackedVolume>();
        foreach (var disk in disks)
        {
            packed.Add(await Writer(compression, path).PackAsync(packed, disk, compression, new DataPathOptions { Workers = 1 }, Sample.NoProgress, CancellationToken.None));
        }

        return await Writer(compression, path).FinishAsync(packed, Sample.NoProgress, CancellationToken.None);
    }
}
