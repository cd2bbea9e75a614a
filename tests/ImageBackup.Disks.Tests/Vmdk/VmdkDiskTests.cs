using ImageBackup.Disks.Tests.Support;

namespace ImageBackup.Disks.Tests.Vmdk;

/// <summary>VMDK images that qemu-img made are read as qemu-img reads them.</summary>
public sealed class VmdkDiskTests : IDisposable
{
    private readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Theory]
    [InlineData("subformat=streamOptimized", 5_000_000)]
    [InlineData("subformat=streamOptimized", 70_000_128)]
    [InlineData("subformat=monolithicSparse", 5_000_000)]
    [InlineData("subformat=monolithicSparse", 70_000_128)]
    [InlineData("subformat=monolithicSparse,zeroed_grain=on", 5_000_000)]
    [InlineData("subformat=monolithicSparse,hwversion=13,adapter_type=lsilogic", 5_000_000)]
    public async Task Every_layout_is_read(string options, long length)
    {
        var raw = scratch.WriteRaw("in.raw", length, seed: 3);

        Tool.QemuImg("convert", "-f", "raw", "-O", "vmdk", "-o", options, raw, scratch["x.vmdk"]);

        await Judge.ReadsAsQemuDoesAsync(scratch, scratch["x.vmdk"], DiskFormat.Vmdk, "vmdk");
    }

    [Fact]
    public async Task Scattered_writes_and_zeroed_grains_are_read()
    {
        Tool.QemuImg("create", "-f", "vmdk", "-o", "zeroed_grain=on", scratch["x.vmdk"], "70M");
        Tool.QemuIo(scratch["x.vmdk"], "vmdk", "write -P 17 100k 1M", "write -z 512k 64k", "write -P 18 40M 512", "write -z 60M 1M", "write -P 19 69M 1M");

        await Judge.ReadsAsQemuDoesAsync(scratch, scratch["x.vmdk"], DiskFormat.Vmdk, "vmdk");
    }

    [Theory]
    [InlineData("streamOptimized", 512)]
    [InlineData("streamOptimized", 65_536 + 512)]
    [InlineData("monolithicSparse", 512)]
    [InlineData("monolithicSparse", 65_536 + 512)]
    public async Task Small_disks_are_read(string subformat, int length)
    {
        scratch.Write("in.raw", Content.Noise(length, 8));
        Tool.QemuImg("convert", "-f", "raw", "-O", "vmdk", "-o", $"subformat={subformat}", scratch["in.raw"], scratch["x.vmdk"]);

        await Judge.ReadsAsQemuDoesAsync(scratch, scratch["x.vmdk"], DiskFormat.Vmdk, "vmdk");
    }
}
