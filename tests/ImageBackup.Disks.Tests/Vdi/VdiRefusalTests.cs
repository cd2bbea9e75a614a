using ImageBackup.Disks.Tests.Support;
using static ImageBackup.Disks.DiskImageError;

namespace ImageBackup.Disks.Tests.Vdi;

/// <summary>VDI images that are damaged, or use something that is not read, are refused by name.</summary>
public sealed class VdiRefusalTests : IDisposable
{
    private const int Map = 512;

    private readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public void A_parent_is_refused_by_name()
    {
        var parent = Guid.Parse("01020304-0506-0708-090a-0b0c0d0e0f10");

        Patch.IsRefused(Make().With(440, parent.ToByteArray()), Unsupported,
            "The VDI needs its parent 01020304-0506-0708-090a-0b0c0d0e0f10. Disks with a parent are not supported: clone it in VirtualBox.");
    }

    [Theory]
    [InlineData(3, "3 (undo)")]
    [InlineData(4, "4 (differencing)")]
    [InlineData(0, "0")]
    public void Other_types_are_refused(uint type, string name) =>
        Patch.IsRefused(Make().WithLittle32(76, type), Unsupported, $"VDI type {name} is not supported. Types 1 (dynamic) and 2 (fixed) are.");

    [Fact]
    public void Impossible_headers_are_refused()
    {
        var image = Make();
        var length = image.Length;

        Patch.IsRefused(image[..400], Damaged, "The VDI header needs 456 bytes; the file has 400.");
        Patch.IsRefused(image.WithLittle32(68, 1), Unsupported, "VDI version 0.1 is not supported. Version 1.1 is.");
        Patch.IsRefused(image.WithLittle32(360, 4096), Unsupported, "VDI sectors of 4096 bytes and 0 extra bytes a block are not supported. 512 and 0 are.");
        Patch.IsRefused(image.WithLittle32(380, 8), Unsupported, "VDI sectors of 512 bytes and 8 extra bytes a block are not supported. 512 and 0 are.");
        Patch.IsRefused(image.WithLittle32(376, 3), Unsupported, "VDI block size 3 is not supported. Powers of two from 4096 to 268435456 are.");
        Patch.IsRefused(image.WithLittle64(368, 1UL << 63), Damaged, "The VDI's disk size is 9223372036854775808 bytes, which no disk has.");
        Patch.IsRefused(image.WithLittle64(368, 1UL << 30), Damaged,
            $"The VDI's block map at 512 has 3 entries; a disk of {1UL << 30} bytes needs 1024 inside the file of {length} bytes.");
        Patch.IsRefused(image.WithLittle32(340, 0xfffffffc), Damaged,
            $"The VDI's block map at 4294967292 has 3 entries; a disk of 3145728 bytes needs 3 inside the file of {length} bytes.");
        Patch.IsRefused(image.WithLittle32(340, 513), Damaged,
            $"The VDI's block map at 513 has 3 entries; a disk of 3145728 bytes needs 3 inside the file of {length} bytes.");
    }

    [Fact]
    public void Impossible_blocks_are_refused()
    {
        var image = Make();

        Patch.IsRefused(image.WithLittle32(Map, 5), Damaged, "Block 0 of the VDI is stored as block 5; only 1 blocks are stored.");
        Patch.IsRefused(image.WithLittle32(Map + 4, 0).WithLittle32(Map + 8, 0), Damaged,
            $"The image maps more data than the {image.Length} bytes of its file: several parts of the disk share the same bytes.");
        var refusal = Assert.Throws<DiskImageException>(() => Patch.ReadAll(image[..^512]));
        Assert.StartsWith("The image ends too early: ", refusal.Message, StringComparison.Ordinal);
    }

    /// <summary>A disk of 3 MiB whose first block holds data.</summary>
    private byte[] Make()
    {
        scratch.Write("in.raw", [.. Content.Noise(1 << 20, 1), .. new byte[2 << 20]]);
        Tool.QemuImg("convert", "-f", "raw", "-O", "vdi", scratch["in.raw"], scratch["x.vdi"]);
        return File.ReadAllBytes(scratch["x.vdi"]);
    }
}
