using ImageBackup.Disks.Opening;
using ImageBackup.Disks.Tests.Support;

namespace ImageBackup.Disks.Tests.Opening;

/// <summary>What a file is, what it must be, and how large it may be.</summary>
public sealed class DiskImagesTests : IDisposable
{
    private readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public void A_file_that_is_not_what_it_must_be_is_refused()
    {
        Tool.QemuImg("create", "-f", "qcow2", scratch["x"], "1M");

        var refusal = Assert.Throws<DiskImageException>(() => Open(new DiskOpenOptions { Format = DiskFormat.Vmdk }));

        Assert.Equal((DiskImageError.Unsupported, "The file is qcow2, not VMDK."), (refusal.Error, refusal.Message));
        Assert.Equal(DiskFormat.Qcow2, Open(new DiskOpenOptions { Format = DiskFormat.Qcow2 }));
    }

    [Fact]
    public async Task Raw_takes_any_bytes_as_the_disk()
    {
        Tool.QemuImg("create", "-f", "qcow2", scratch["x"], "1M");
        using var image = DiskImages.Open(new FileSource(scratch["x"]), new DiskOpenOptions { Format = DiskFormat.Raw }, CancellationToken.None);

        Assert.Equal(DiskFormat.Raw, image.Format);
        await Judge.IsStreamedAsync(image, File.ReadAllBytes(scratch["x"]));
    }

    [Fact]
    public void A_disk_that_is_larger_than_allowed_is_refused_before_its_map_is_read()
    {
        Tool.QemuImg("create", "-f", "qcow2", "-o", "cluster_size=2M", scratch["x"], "1024P");

        var refusal = Assert.Throws<DiskImageException>(() => Open(new DiskOpenOptions()));

        Assert.Equal(
            (DiskImageError.TooLarge, "The qcow2 disk has 1152921504606846976 bytes. At most 70368744177664 are allowed."), (refusal.Error, refusal.Message));
    }

    [Theory]
    [InlineData("qed", "The file is QED, which is not read as a disk.")]
    [InlineData("parallels", "The file is Parallels, which is not read as a disk.")]
    public void Other_formats_are_refused_by_name(string format, string message)
    {
        Tool.QemuImg("create", "-f", format, scratch["x"], "1M");

        Assert.Equal(message, Assert.Throws<DiskImageException>(() => Open(new DiskOpenOptions())).Message);
    }

    [Theory]
    [InlineData("bzip2 x -c > y; mv y x", "The file is bzip2, which is not read as a disk.")]
    [InlineData("zip -q y.zip x; mv y.zip x", "The file is zip, which is not read as a disk.")]
    [InlineData("tar cf y x; mv y x", "The file is tar, which is not read as a disk.")]
    [InlineData("tar czf y x; mv y x", "The gzip file contains tar, which is not read as a disk.")]
    [InlineData("gzip -c x | gzip -c > y; mv y x", "The gzip file contains gzip, which is not read as a disk.")]
    [InlineData("zip -q y.zip x; xz -c y.zip > x", "The xz file contains zip, which is not read as a disk.")]
    public void Archives_are_refused_by_name(string command, string message)
    {
        scratch.Write("x", Content.Noise(10_000, 1));
        Tool.Run("sh", "-c", $"cd '{scratch["."]}' && {command}");

        Assert.Equal(message, Assert.Throws<DiskImageException>(() => Open(new DiskOpenOptions())).Message);
    }

    [Fact]
    public void The_check_of_the_map_can_be_cancelled()
    {
        Tool.QemuImg("create", "-f", "qcow2", "-o", "cluster_size=512,preallocation=metadata", scratch["x"], "20M");
        Tool.QemuIo(scratch["x"], "qcow2", "write -P 1 0 20M");

        Assert.Throws<OperationCanceledException>(
            () => DiskImages.Open(new FileSource(scratch["x"]), new DiskOpenOptions(), new CancellationToken(canceled: true)));
    }

    [Fact]
    public async Task A_region_of_a_file_is_opened()
    {
        var raw = scratch.WriteRaw("in.raw", 1_000_448, seed: 2);
        Tool.QemuImg("convert", "-f", "raw", "-O", "qcow2", raw, scratch["y"]);
        var image = File.ReadAllBytes(scratch["y"]);
        scratch.Write("x", [.. Content.Noise(1000, 3), .. image, .. Content.Noise(1000, 4)]);

        using var opened = DiskImages.Open(new FileSource(scratch["x"], 1000, image.Length), new DiskOpenOptions(), CancellationToken.None);

        await Judge.IsStreamedAsync(opened, File.ReadAllBytes(raw));
    }

    [Fact]
    public void A_region_behind_the_end_of_a_file_is_refused()
    {
        scratch.Write("x", new byte[1000]);

        var refusal = Assert.Throws<DiskImageException>(() => new FileSource(scratch["x"], 900, 200));

        Assert.Equal((DiskImageError.Damaged, "The file ends at byte 1000, before the end of the disk at byte 1100."), (refusal.Error, refusal.Message));
    }

    [Fact]
    public void A_source_is_disposed_with_its_image_and_after_a_refusal()
    {
        using var kept = new Witness();
        DiskImages.Open(kept, new DiskOpenOptions(), CancellationToken.None).Dispose();
        using var refused = new Witness();

        Assert.Throws<DiskImageException>(() => DiskImages.Open(refused, new DiskOpenOptions { MaxLength = 1 }, CancellationToken.None));

        Assert.Equal((true, true), (kept.IsDisposed, refused.IsDisposed));
    }

    private DiskFormat Open(DiskOpenOptions options)
    {
        using var image = DiskImages.Open(new FileSource(scratch["x"]), options, CancellationToken.None);
        return image.Format;
    }

    private sealed class Witness : DiskSource
    {
        public bool IsDisposed { get; private set; }

        public override long Length => 5000;

        public override void Read(Span<byte> buffer, long offset) => buffer.Clear();

        protected override void Dispose(bool disposing)
        {
            IsDisposed = true;
            base.Dispose(disposing);
        }
    }
}
