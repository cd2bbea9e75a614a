using ImageBackup.Disks.Opening;
using ImageBackup.Disks.Tests.Support;

namespace ImageBackup.Disks.Tests.Vhdx;

/// <summary>VHDX images that qemu-img made are read as qemu-img reads them.</summary>
public sealed class VhdxDiskTests : IDisposable
{
    private readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Theory]
    [InlineData("subformat=fixed", 5_000_000)]
    [InlineData("subformat=dynamic", 20_000_000)]
    [InlineData("subformat=dynamic,block_size=1M", 9_000_128)]
    [InlineData("subformat=dynamic,block_size=64M", 9_000_128)]
    [InlineData("subformat=dynamic,block_state_zero=off", 20_000_000)]
    [InlineData("subformat=dynamic", 512)]
    public async Task Every_layout_is_read(string options, long length)
    {
        var raw = scratch.WriteRaw("in.raw", length, seed: 3);

        Tool.QemuImg("convert", "-f", "raw", "-O", "vhdx", "-o", options, raw, scratch["x.vhdx"]);

        await Judge.ReadsAsQemuDoesAsync(scratch, scratch["x.vhdx"], DiskFormat.Vhdx, "vhdx");
    }

    /// <summary>Behind 4 GiB, entries of sector bitmaps stand between those of blocks.</summary>
    [Fact]
    public void Blocks_behind_the_first_sector_bitmap_are_read()
    {
        Tool.QemuImg("create", "-f", "vhdx", "-o", "block_size=1M", scratch["x.vhdx"], "9G");
        Tool.QemuIo(scratch["x.vhdx"], "vhdx", "write -P 17 4095M 2M", "write -P 18 8G 1M", "write -P 19 9215M 1M");

        using var image = DiskImages.Open(new FileSource(scratch["x.vhdx"]), new DiskOpenOptions(), CancellationToken.None);

        Assert.Equal(Judge.Filled(2 << 20, 17), Judge.Read(image.Guest!, 4095L << 20, 2 << 20));
        Assert.Equal(Judge.Filled(1 << 20, 18), Judge.Read(image.Guest!, 8L << 30, 1 << 20));
        Assert.Equal(Judge.Filled(1 << 20, 19), Judge.Read(image.Guest!, 9215L << 20, 1 << 20));
        Assert.Equal(4095L << 20, image.Guest!.NextData(0));
        Assert.Equal(8L << 30, image.Guest.NextData(4097L << 20));
        Assert.Equal(9215L << 20, image.Guest.NextData(8193L << 20));
    }
}
