using System.IO.Compression;
using ImageBackup.Disks.Opening;
using ImageBackup.Disks.Qcow2;
using ImageBackup.Disks.Tests.Support;
using ImageBackup.Disks.Vmdk;
using ImageBackup.Disks.Writing;

namespace ImageBackup.Disks.Tests.Writing;

/// <summary>qemu-img finds no fault in what is written, and reads the same disk from it.</summary>
public sealed class WriterTests : IDisposable
{
    private readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(512)]
    [InlineData(65_536)]
    [InlineData(5_000_192)]
    [InlineData(70_000_128)]
    public async Task Qcow2_is_written(long length)
    {
        var raw = scratch.WriteRaw("in.raw", length, seed: 1);

        await WriteQcow2Async(raw);

        IsFaultless("qcow2", raw, scratch["out"]);
        await Judge.ReadsAsync(scratch, scratch["out"], DiskFormat.Qcow2, File.ReadAllBytes(raw));
    }

    [Theory]
    [InlineData(512)]
    [InlineData(65_536)]
    [InlineData(5_000_192)]
    [InlineData(70_000_128)]
    public async Task Stream_optimized_vmdk_is_written(long length)
    {
        var raw = scratch.WriteRaw("in.raw", length, seed: 2);

        await WriteVmdkAsync(raw);

        IsFaultless("vmdk", raw, scratch["out"]);
        await Judge.ReadsAsync(scratch, scratch["out"], DiskFormat.Vmdk, File.ReadAllBytes(raw));
    }

    /// <summary>Tables end inside and between data, and reference counts fill more than one block.</summary>
    [Fact]
    public async Task Large_sparse_disks_are_written()
    {
        var raw = scratch["in.raw"];
        using (var file = File.OpenHandle(raw, FileMode.Create, FileAccess.Write))
        {
            RandomAccess.SetLength(file, 3L << 30);
            foreach (var offset in new[] { 0L, (32L << 20) - 70_000, (512L << 20) - 100_000, 1L << 30, (3L << 30) - 4096 })
            {
                RandomAccess.Write(file, Content.Noise(200_000, (int)(offset >> 10)).AsSpan(0, (int)Math.Min(200_000, (3L << 30) - offset)), offset);
            }
        }

        await WriteQcow2Async(raw);
        IsFaultless("qcow2", raw, scratch["out"]);
        Assert.InRange(new FileInfo(scratch["out"]).Length, 1, 5 << 20);

        await WriteVmdkAsync(raw);
        IsFaultless("vmdk", raw, scratch["out"]);
        Assert.InRange(new FileInfo(scratch["out"]).Length, 1, 3 << 20);
    }

    [Fact]
    public async Task A_length_that_is_no_whole_sector_is_rounded_up()
    {
        var raw = scratch.Write("in.raw", Content.Noise(100_001, 3));
        scratch.Write("padded.raw", [.. File.ReadAllBytes(raw), .. new byte[351]]);

        await WriteQcow2Async(raw);
        IsFaultless("qcow2", scratch["padded.raw"], scratch["out"]);

        await WriteVmdkAsync(raw);
        IsFaultless("vmdk", scratch["padded.raw"], scratch["out"]);
    }

    [Theory]
    [InlineData("qcow2", "compression_type=zstd")]
    [InlineData("vmdk", "subformat=monolithicSparse")]
    public async Task One_format_is_written_from_another(string format, string options)
    {
        var raw = scratch.WriteRaw("in.raw", 5_000_192, seed: 4);
        Tool.QemuImg("convert", "-f", "raw", "-O", format, "-o", options, raw, scratch["x"]);

        await WriteQcow2Async(scratch["x"]);
        IsFaultless("qcow2", raw, scratch["out"]);

        await WriteVmdkAsync(scratch["x"]);
        IsFaultless("vmdk", raw, scratch["out"]);
    }

    [Fact]
    public async Task A_raw_disk_keeps_its_holes()
    {
        var raw = scratch["in.raw"];
        using (var file = File.OpenHandle(raw, FileMode.Create, FileAccess.Write))
        {
            RandomAccess.SetLength(file, 100 << 20);
            RandomAccess.Write(file, Content.Noise(5000, 5), 50 << 20);
            RandomAccess.Write(file, new byte[3 << 20], 70 << 20);
        }

        using (var image = Open(raw))
        using (var target = File.OpenHandle(scratch["out"], FileMode.Create, FileAccess.Write))
        {
            await RawWriter.WriteAsync(image, target, null, CancellationToken.None);
        }

        Assert.Equal("Images are identical.", Tool.QemuImg("compare", "-f", "raw", "-F", "raw", raw, scratch["out"]).Trim());
        Assert.InRange(long.Parse(Tool.Run("stat", "-c", "%b", scratch["out"])) * 512, 5000, 64 << 10);
    }

    [Fact]
    public async Task Progress_ends_with_the_length()
    {
        var raw = scratch.WriteRaw("in.raw", 5_000_192, seed: 6);
        var progress = new Steps();

        using var image = Open(raw);
        using var target = File.OpenHandle(scratch["out"], FileMode.Create, FileAccess.Write);
        await RawWriter.WriteAsync(image, target, progress, CancellationToken.None);
        await Qcow2Writer.WriteAsync(image.Guest!, target, progress, CancellationToken.None);
        await VmdkWriter.WriteAsync(image.Guest!, Stream.Null, "x.vmdk", CompressionLevel.Fastest, progress, CancellationToken.None);

        Assert.Equal(3, progress.Seen.Count(bytes => bytes == 5_000_192));
    }

    [Fact]
    public async Task Writing_can_be_cancelled()
    {
        scratch.Write("in.raw", Content.Noise(20_000_000, 7));
        using var image = Open(scratch["in.raw"]);
        using var stop = new CancellationTokenSource();
        using var target = File.OpenHandle(scratch["out"], FileMode.Create, FileAccess.Write);
        var progress = new Steps { Then = stop.Cancel };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => RawWriter.WriteAsync(image, target, progress, stop.Token));
        Assert.InRange(progress.Seen.Count, 1, 2);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Qcow2Writer.WriteAsync(image.Guest!, target, null, stop.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => VmdkWriter.WriteAsync(image.Guest!, Stream.Null, "x", CompressionLevel.Fastest, null, stop.Token));
    }

    private static DiskImage Open(string path) => DiskImages.Open(new FileSource(path), new DiskOpenOptions(), CancellationToken.None);

    private static void IsFaultless(string format, string raw, string written)
    {
        Tool.QemuImg("check", "-f", format, written);
        Assert.Equal("Images are identical.", Tool.QemuImg("compare", "-f", "raw", "-F", format, raw, written).Trim());
    }

    private async Task WriteQcow2Async(string disk)
    {
        using var image = Open(disk);
        using var target = File.OpenHandle(scratch["out"], FileMode.Create, FileAccess.Write);
        await Qcow2Writer.WriteAsync(image.Guest!, target, null, CancellationToken.None);
    }

    private async Task WriteVmdkAsync(string disk)
    {
        using var image = Open(disk);
        await using var target = File.Create(scratch["out"]);
        await VmdkWriter.WriteAsync(image.Guest!, target, "out.vmdk", CompressionLevel.Optimal, null, CancellationToken.None);
    }

    private sealed class Steps : IProgress<long>
    {
        public List<long> Seen { get; } = [];

        public Action Then { get; init; } = () => { };

        public void Report(long value)
        {
            Seen.Add(value);
            Then();
        }
    }
}
