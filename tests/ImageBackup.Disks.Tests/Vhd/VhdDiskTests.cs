using ImageBackup.Disks.Tests.Support;

namespace ImageBackup.Disks.Tests.Vhd;

/// <summary>VHD images that qemu-img made are read as qemu-img reads them.</summary>
public sealed class VhdDiskTests : IDisposable
{
    private readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Theory]
    [InlineData("subformat=fixed", 5_000_000)]
    [InlineData("subformat=fixed,force_size=on", 5_000_000)]
    [InlineData("subformat=dynamic", 9_000_000)]
    [InlineData("subformat=dynamic,force_size=on", 9_000_000)]
    [InlineData("subformat=dynamic,force_size=on", 512)]
    public async Task Every_layout_is_read(string options, long length)
    {
        var raw = scratch.WriteRaw("in.raw", length, seed: 3);

        Tool.QemuImg("convert", "-f", "raw", "-O", "vpc", "-o", options, raw, scratch["x.vhd"]);

        await Judge.ReadsAsQemuDoesAsync(scratch, scratch["x.vhd"], DiskFormat.Vhd, "vpc");
    }

    [Fact]
    public async Task Scattered_writes_are_read()
    {
        Tool.QemuImg("create", "-f", "vpc", "-o", "force_size=on", scratch["x.vhd"], "41M");
        Tool.QemuIo(scratch["x.vhd"], "vpc", "write -P 17 30M 1M", "write -P 18 100k 10k", "write -P 19 40M 1M", "write -P 20 8M 512");

        await Judge.ReadsAsQemuDoesAsync(scratch, scratch["x.vhd"], DiskFormat.Vhd, "vpc");
    }

    /// <summary>Virtual PC before 2004 wrote 511 bytes. QEMU does not read them.</summary>
    [Fact]
    public async Task A_footer_of_511_bytes_is_read()
    {
        var raw = scratch.WriteRaw("in.raw", 4_177_920, seed: 4); // a whole number of cylinders, so that nothing is rounded
        Tool.QemuImg("convert", "-f", "raw", "-O", "vpc", "-o", "subformat=fixed", raw, scratch["x.vhd"]);
        scratch.Write("x.vhd", File.ReadAllBytes(scratch["x.vhd"]).AsSpan()[..^1]);

        await Judge.ReadsAsync(scratch, scratch["x.vhd"], DiskFormat.Vhd, File.ReadAllBytes(raw));
    }

    [Fact]
    public async Task A_dynamic_disk_without_its_last_footer_is_read()
    {
        var raw = scratch.WriteRaw("in.raw", 4_177_920, seed: 5);
        Tool.QemuImg("convert", "-f", "raw", "-O", "vpc", raw, scratch["x.vhd"]);
        scratch.Write("x.vhd", File.ReadAllBytes(scratch["x.vhd"]).AsSpan()[..^512]);

        await Judge.ReadsAsync(scratch, scratch["x.vhd"], DiskFormat.Vhd, File.ReadAllBytes(raw));
    }
}
