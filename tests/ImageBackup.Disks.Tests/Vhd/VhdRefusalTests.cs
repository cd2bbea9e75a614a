using System.Buffers.Binary;
using ImageBackup.Disks.Tests.Support;
using static ImageBackup.Disks.DiskImageError;

namespace ImageBackup.Disks.Tests.Vhd;

/// <summary>VHD images that are damaged, or use something that is not read, are refused by name.</summary>
public sealed class VhdRefusalTests : IDisposable
{
    private const int DynamicHeader = 512;

    private readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public void A_parent_is_refused_by_name()
    {
        var image = Footer(Make("dynamic").With32(60, 4)).With(DynamicHeader + 64, System.Text.Encoding.BigEndianUnicode.GetBytes("C:\\base.vhd"));

        Patch.IsRefused(image, Unsupported, "The VHD needs its parent 'C:\\base.vhd'. Differencing disks are not supported: merge it with its parent.");
    }

    [Fact]
    public void Impossible_footers_are_refused()
    {
        var image = Make("dynamic");

        Patch.IsRefused(image.With(40, 1), Damaged, "The checksum of the VHD footer is wrong.");
        Patch.IsRefused(Footer(image.With32(60, 5)), Unsupported, "VHD disk type 5 is not supported. Types 2 (fixed) and 3 (dynamic) are.");
        Patch.IsRefused(Footer(image.With32(12, 0x20001)), Unsupported, "VHD version 2.1 is not supported. Version 1.0 is.");
        Patch.IsRefused(Footer(image.With64(48, ulong.MaxValue)), Damaged, "The VHD's current size is 18446744073709551615 bytes, which no disk has.");
        Patch.IsRefused(Footer(image.With64(16, ulong.MaxValue)), Damaged, $"The VHD's dynamic disk header at 18446744073709551615 leaves the file of {image.Length} bytes.");
        Patch.IsRefused(Footer(image.With64(16, 0)), Damaged, "The VHD has no dynamic disk header at 0.");
    }

    [Fact]
    public void Impossible_dynamic_headers_are_refused()
    {
        var image = Make("dynamic");
        var size = BinaryPrimitives.ReadInt64BigEndian(image.AsSpan(48));

        Patch.IsRefused(image.With(DynamicHeader + 28, 1), Damaged, "The checksum of the VHD dynamic disk header is wrong.");
        Patch.IsRefused(Dynamic(image.With32(DynamicHeader + 32, 3 << 20)), Unsupported, "VHD block size 3145728 is not supported. Powers of two from 4096 to 268435456 are.");
        Patch.IsRefused(Dynamic(image.With32(DynamicHeader + 28, 1)), Damaged, $"The VHD's block allocation table has 1 entries; a disk of {size} bytes needs 2.");
        Patch.IsRefused(Dynamic(image.With64(DynamicHeader + 16, 1UL << 50)), Damaged, $"The VHD's block allocation table at {1UL << 50} leaves the file of {image.Length} bytes.");
    }

    [Fact]
    public void Impossible_blocks_are_refused()
    {
        var image = Make("dynamic");
        var table = BinaryPrimitives.ReadInt64BigEndian(image.AsSpan(DynamicHeader + 16));

        var refusal = Assert.Throws<DiskImageException>(() => Patch.ReadAll(image.With32(table, 0xfffffff0)));

        Assert.Equal(Damaged, refusal.Error);
        Assert.StartsWith("The image ends too early: ", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Blocks_that_are_used_twice_are_refused()
    {
        var image = Make("dynamic");
        var table = BinaryPrimitives.ReadInt64BigEndian(image.AsSpan(DynamicHeader + 16));

        image = image.With32(table + 4, BinaryPrimitives.ReadUInt32BigEndian(image.AsSpan((int)table)));

        Patch.IsRefused(image, Damaged, $"The image maps more data than the {image.Length} bytes of its file: several parts of the disk share the same bytes.");
    }

    [Fact]
    public void A_fixed_disk_that_is_cut_off_is_refused()
    {
        var image = Make("fixed");
        var size = image.Length - 512;

        Patch.IsRefused([.. image[..1000], .. image[size..]], Damaged, $"The VHD's disk has {size} bytes; its file has 1000 in front of the footer.");
    }

    private static byte[] Footer(byte[] image) => Sum(image, 0, 512, 64);

    private static byte[] Dynamic(byte[] image) => Sum(image, DynamicHeader, 1024, DynamicHeader + 36);

    private static byte[] Sum(byte[] image, int start, int length, int at)
    {
        var cleared = image.With32(at, 0);
        return image.With32(at, ~(uint)cleared.Skip(start).Take(length).Sum(value => value));
    }

    /// <summary>A disk of about 3 MiB whose first 100 KB hold data.</summary>
    private byte[] Make(string subformat)
    {
        scratch.Write("in.raw", [.. Content.Noise(100_000, 1), .. new byte[(3 << 20) - 100_000]]);
        Tool.QemuImg("convert", "-f", "raw", "-O", "vpc", "-o", $"subformat={subformat},force_size=on", scratch["in.raw"], scratch["x.vhd"]);
        return File.ReadAllBytes(scratch["x.vhd"]);
    }
}
