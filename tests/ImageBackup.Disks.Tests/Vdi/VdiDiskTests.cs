using ImageBackup.Disks.Tests.Support;

namespace ImageBackup.Disks.Tests.Vdi;

/// <summary>VDI images that qemu-img made are read as qemu-img reads them.</summary>
public sealed class VdiDiskTests : IDisposable
{
    private readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Theory]
    [InlineData("static=off", 9_000_448)]
    [InlineData("static=on", 9_000_448)]
    [InlineData("static=off", 512)]
    public async Task Every_layout_is_read(string options, long length)
    {
        var raw = scratch.WriteRaw("in.raw", length, seed: 3);

        Tool.QemuImg("convert", "-f", "raw", "-O", "vdi", "-o", options, raw, scratch["x.vdi"]);

        await Judge.ReadsAsQemuDoesAsync(scratch, scratch["x.vdi"], DiskFormat.Vdi, "vdi");
    }

    [Fact]
    public async Task Scattered_writes_are_read()
    {
        Tool.QemuImg("create", "-f", "vdi", scratch["x.vdi"], "41M");
        Tool.QemuIo(scratch["x.vdi"], "vdi", "write -P 17 30M 1M", "write -P 18 100k 10k", "write -P 19 40M 1M", "write -P 20 8M 512");

        await Judge.ReadsAsQemuDoesAsync(scratch, scratch["x.vdi"], DiskFormat.Vdi, "vdi");
    }
}
