using ImageBackup.Disks.Tests.Support;

namespace ImageBackup.Disks.Tests.Qcow2;

/// <summary>qcow2 images that qemu-img and qemu-io made are read as qemu-img reads them.</summary>
public sealed class Qcow2DiskTests : IDisposable
{
    private readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Theory]
    [InlineData("compat=0.10", 5_000_000)]
    [InlineData("compat=1.1", 5_000_000)]
    [InlineData("compat=1.1,cluster_size=512", 700_000)]
    [InlineData("compat=0.10,cluster_size=512", 700_000)]
    [InlineData("cluster_size=4096", 3_000_000)]
    [InlineData("cluster_size=2M", 9_000_000)]
    [InlineData("extended_l2=on", 5_000_000)]
    [InlineData("extended_l2=on,cluster_size=16k", 5_000_000)]
    [InlineData("extended_l2=on,cluster_size=2M", 9_000_000)]
    [InlineData("preallocation=metadata", 5_000_000)]
    [InlineData("preallocation=falloc", 5_000_000)]
    [InlineData("preallocation=full", 5_000_000)]
    [InlineData("lazy_refcounts=on,refcount_bits=1", 5_000_000)]
    public async Task Every_layout_is_read(string options, long length)
    {
        var raw = scratch.WriteRaw("in.raw", length, seed: 3);

        Tool.QemuImg("convert", "-f", "raw", "-O", "qcow2", "-o", options, raw, scratch["x.qcow2"]);

        await Judge.ReadsAsQemuDoesAsync(scratch, scratch["x.qcow2"], DiskFormat.Qcow2, "qcow2");
    }

    [Theory]
    [InlineData("compat=0.10", 5_000_000)]
    [InlineData("compat=1.1", 5_000_000)]
    [InlineData("cluster_size=512", 700_000)]
    [InlineData("cluster_size=2M", 9_000_000)]
    [InlineData("extended_l2=on", 5_000_000)]
    [InlineData("compression_type=zstd", 5_000_000)]
    [InlineData("compression_type=zstd,cluster_size=512", 700_000)]
    [InlineData("compression_type=zstd,cluster_size=2M", 9_000_000)]
    [InlineData("compression_type=zstd,extended_l2=on", 5_000_000)]
    public async Task Compressed_clusters_are_read(string options, long length)
    {
        var raw = scratch.WriteRaw("in.raw", length, seed: 4);

        Tool.QemuImg("convert", "-f", "raw", "-O", "qcow2", "-c", "-o", options, raw, scratch["x.qcow2"]);

        await Judge.ReadsAsQemuDoesAsync(scratch, scratch["x.qcow2"], DiskFormat.Qcow2, "qcow2");
    }

    [Theory]
    [InlineData("cluster_size=64k")]
    [InlineData("cluster_size=64k,compat=0.10")]
    [InlineData("cluster_size=512")]
    [InlineData("extended_l2=on,cluster_size=128k")]
    [InlineData("extended_l2=on,cluster_size=16k")]
    public async Task Scattered_writes_zeros_and_discards_are_read(string options)
    {
        Tool.QemuImg("create", "-f", "qcow2", "-o", options, scratch["x.qcow2"], "8M");
        Tool.QemuIo(scratch["x.qcow2"], "qcow2", [.. Scattered(new Random(5), 8 << 20, 200)]);

        await Judge.ReadsAsQemuDoesAsync(scratch, scratch["x.qcow2"], DiskFormat.Qcow2, "qcow2");
    }

    [Fact]
    public async Task The_active_state_is_read_where_there_are_snapshots()
    {
        var raw = scratch.WriteRaw("in.raw", 3_000_320, seed: 6);
        Tool.QemuImg("convert", "-f", "raw", "-O", "qcow2", raw, scratch["x.qcow2"]);
        Tool.QemuImg("snapshot", "-c", "before", scratch["x.qcow2"]);
        Tool.QemuIo(scratch["x.qcow2"], "qcow2", "write -P 17 100k 1M", "write -z 2M 64k");
        Tool.QemuImg("snapshot", "-c", "after", scratch["x.qcow2"]);
        Tool.QemuIo(scratch["x.qcow2"], "qcow2", "write -P 18 200k 10k");

        await Judge.ReadsAsQemuDoesAsync(scratch, scratch["x.qcow2"], DiskFormat.Qcow2, "qcow2");
    }

    [Fact]
    public async Task A_resized_disk_is_read()
    {
        var raw = scratch.WriteRaw("in.raw", 1_000_000, seed: 7);
        Tool.QemuImg("convert", "-f", "raw", "-O", "qcow2", "-o", "cluster_size=4k", raw, scratch["x.qcow2"]);
        Tool.QemuImg("resize", scratch["x.qcow2"], "40M");

        await Judge.ReadsAsQemuDoesAsync(scratch, scratch["x.qcow2"], DiskFormat.Qcow2, "qcow2");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(512)]
    [InlineData(65_536)]
    [InlineData(65_536 + 512)]
    public async Task Small_disks_are_read(int length)
    {
        scratch.Write("in.raw", Content.Noise(length, 8));
        Tool.QemuImg("convert", "-f", "raw", "-O", "qcow2", "-c", scratch["in.raw"], scratch["x.qcow2"]);

        await Judge.ReadsAsQemuDoesAsync(scratch, scratch["x.qcow2"], DiskFormat.Qcow2, "qcow2");
    }

    /// <summary>An image that was open when its machine died: reference counts are behind, the mapping is right.</summary>
    [Fact]
    public async Task A_dirty_image_is_read()
    {
        var raw = scratch.WriteRaw("in.raw", 1_000_448, seed: 9);
        Tool.QemuImg("convert", "-f", "raw", "-O", "qcow2", raw, scratch["x.qcow2"]);
        var bytes = File.ReadAllBytes(scratch["x.qcow2"]);
        bytes[79] |= 1;
        scratch.Write("x.qcow2", bytes);

        await Judge.ReadsAsync(scratch, scratch["x.qcow2"], DiskFormat.Qcow2, File.ReadAllBytes(raw));
    }

    private static IEnumerable<string> Scattered(Random random, int length, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var offset = random.Next(length / 512) * 512;
            var size = Math.Min(random.Next(1, 200) * 512, length - offset);
            yield return random.Next(5) switch
            {
                0 => $"write -z {offset} {size}",
                1 => $"write -z -u {offset} {size}",
                2 => $"discard {offset} {size}",
                _ => $"write -P {random.Next(1, 256)} {offset} {size}",
            };
        }
    }
}
