using System.Buffers.Binary;
using ImageBackup.Disks.Tests.Support;
using ImageBackup.Disks.Vhdx;
using static ImageBackup.Disks.DiskImageError;

namespace ImageBackup.Disks.Tests.Vhdx;

/// <summary>VHDX images that are damaged, or use something that is not read, are refused by name.</summary>
public sealed class VhdxRefusalTests : IDisposable
{
    private const int FirstHeader = 64 << 10;
    private const int SecondHeader = 128 << 10;
    private const int FirstRegions = 192 << 10;
    private const int SecondRegions = 256 << 10;

    private readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public void A_log_that_was_not_replayed_is_refused() => Patch.IsRefused(
        InHeaders(Make(), (image, at) => image.With(at + 48, 1)), Unsupported,
        "The VHDX was not closed: its log must be replayed first. Attach it once in Hyper-V, or run qemu-img check -r all.");

    [Fact]
    public void Other_versions_are_refused() =>
        Patch.IsRefused(InHeaders(Make(), (image, at) => image.With(at + 66, 2)), Unsupported, "VHDX version 2 is not supported. Version 1 is.");

    [Fact]
    public void The_newer_of_two_valid_headers_counts()
    {
        var image = Make();
        var expected = Patch.ReadAll(image);
        var (newer, older) = Sequence(image, FirstHeader) > Sequence(image, SecondHeader) ? (FirstHeader, SecondHeader) : (SecondHeader, FirstHeader);

        Assert.Equal(expected, Patch.ReadAll(image.With(older + 100, 1)));
        Assert.Equal(expected, Patch.ReadAll(image.With(newer + 100, 1)));
        Assert.Equal(expected, Patch.ReadAll(Sum(image.With(older + 48, 1), older, 4096)));
        Patch.IsRefused(image.With(older + 100, 1).With(newer + 100, 1), Damaged, "The VHDX has no valid header: both checksums are wrong.");
    }

    [Fact]
    public void Impossible_regions_are_refused()
    {
        var image = Make();

        Assert.Equal(Patch.ReadAll(image), Patch.ReadAll(image.With(FirstRegions + 20, 9)));
        Patch.IsRefused(image.With(FirstRegions + 20, 9).With(SecondRegions + 20, 9), Damaged, "The VHDX has no valid region table: both checksums are wrong.");
        Patch.IsRefused(InRegions(image, (bytes, at) => bytes.WithLittle32(at + 8, 3000)), Damaged, "The VHDX region table has 3000 entries. At most 2047 are possible.");
        Patch.IsRefused(InRegions(image, (bytes, at) => bytes.WithLittle32(at + 8, 1)), Damaged, "The VHDX region table names no block allocation table or no metadata.");
        Patch.IsRefused(
            InRegions(image, (bytes, at) => bytes.With(at + 16, new byte[16]).With(at + 44, 1)), Unsupported,
            "The VHDX requires region 00000000-0000-0000-0000-000000000000, which is not known.");
        Patch.IsRefused(
            InRegions(image, (bytes, at) => bytes.WithLittle64(at + 32, 1UL << 50)), Damaged,
            $"The VHDX block allocation table at {1UL << 50} with 1048576 bytes is not aligned or leaves the file of {image.Length} bytes.");
    }

    [Fact]
    public void A_parent_is_refused()
    {
        var image = Make();

        Patch.IsRefused(image.With(Item(image, "caa16737-fa36-4d43-b3b6-33f0aa44e76b") + 4, 2), Unsupported,
            "The VHDX is a differencing disk and needs its parent. Disks with a parent are not supported: merge it with its parent.");
    }

    [Fact]
    public void Impossible_metadata_are_refused()
    {
        var image = Make();
        var metadata = Metadata(image);
        var parameters = Item(image, "caa16737-fa36-4d43-b3b6-33f0aa44e76b");
        var size = Item(image, "2fa54224-cd1b-4876-b211-5dbed83bf4b8");
        var sector = Item(image, "8141bf1d-a96f-4709-ba47-f233a8faab5f");

        Patch.IsRefused(image.With(metadata, 0), Damaged, $"The VHDX has no metadata table at {metadata}, or one with too many entries.");
        Patch.IsRefused(image.With(metadata + 10, 0xff, 0xff), Damaged, $"The VHDX has no metadata table at {metadata}, or one with too many entries.");
        Patch.IsRefused(image.With(metadata + 10, 0, 0), Damaged, "The VHDX metadata have no file parameters.");
        Patch.IsRefused(image.With(metadata + 32, new byte[16]).With(metadata + 56, 4), Unsupported,
            "The VHDX requires metadata item 00000000-0000-0000-0000-000000000000, which is not known.");
        Patch.IsRefused(image.WithLittle32(metadata + 48, 0x7fffffff), Damaged,
            $"VHDX metadata item {new Guid(image.AsSpan(metadata + 32, 16))} at 2147483647 with 8 bytes leaves the metadata region.");
        Patch.IsRefused(image.WithLittle32(parameters, 1000), Damaged, "VHDX block size 1000 is not possible. Powers of two from 1048576 to 268435456 are.");
        Patch.IsRefused(image.WithLittle32(sector, 1024), Damaged, "VHDX logical sector size 1024 is not possible. 512 and 4096 are.");
        Patch.IsRefused(image.WithLittle64(size, 1000), Damaged, "The VHDX virtual disk size 1000 is no multiple of its sectors of 512 bytes.");
        Patch.IsRefused(image.WithLittle64(size, 1UL << 63), Damaged, "The VHDX virtual disk size 9223372036854775808 is no multiple of its sectors of 512 bytes.");
        Patch.IsRefused(image.WithLittle64(size, 1UL << 38), Damaged, $"The VHDX block allocation table has 131072 entries; a disk of {1UL << 38} bytes needs 262207.");
    }

    [Fact]
    public void Impossible_blocks_are_refused()
    {
        var image = Make();
        var table = Table(image);

        Patch.IsRefused(image.With(table, 7), Damaged, "Block 0 of the VHDX has state 7, which only disks with a parent may use.");
        var refusal = Assert.Throws<DiskImageException>(() => Patch.ReadAll(image.WithLittle64(table, ulong.MaxValue - 1)));
        Assert.StartsWith("The image ends too early: ", refusal.Message, StringComparison.Ordinal);
        var entry = BinaryPrimitives.ReadUInt64LittleEndian(image.AsSpan(table));
        for (var i = 1; i < 12; i++)
        {
            image = image.WithLittle64(table + (8 * i), entry);
        }

        Patch.IsRefused(image, Damaged, $"The image maps more data than the {image.Length} bytes of its file: several parts of the disk share the same bytes.");
    }

    private static ulong Sequence(byte[] image, int header) => BinaryPrimitives.ReadUInt64LittleEndian(image.AsSpan(header + 8));

    private static byte[] InHeaders(byte[] image, Func<byte[], int, byte[]> change) =>
        Sum(change(Sum(change(image, FirstHeader), FirstHeader, 4096), SecondHeader), SecondHeader, 4096);

    private static byte[] InRegions(byte[] image, Func<byte[], int, byte[]> change) =>
        Sum(change(Sum(change(image, FirstRegions), FirstRegions, 64 << 10), SecondRegions), SecondRegions, 64 << 10);

    private static byte[] Sum(byte[] image, int start, int length) =>
        image.WithLittle32(start + 4, VhdxHeader.ComputeCrc32C(image.WithLittle32(start + 4, 0).AsSpan(start, length)));

    private static int Region(byte[] image, string id)
    {
        var at = image.AsSpan(FirstRegions, 64 << 10).IndexOf(new Guid(id).ToByteArray()) + FirstRegions;
        return (int)BinaryPrimitives.ReadInt64LittleEndian(image.AsSpan(at + 16));
    }

    private static int Table(byte[] image) => Region(image, "2dc27766-f623-4200-9d64-115e9bfd4a08");

    private static int Metadata(byte[] image) => Region(image, "8b7ca206-4790-4b9a-b8fe-575f050f886e");

    private static int Item(byte[] image, string id)
    {
        var at = image.AsSpan(Metadata(image), 64 << 10).IndexOf(new Guid(id).ToByteArray()) + Metadata(image);
        return Metadata(image) + BinaryPrimitives.ReadInt32LittleEndian(image.AsSpan(at + 16));
    }

    /// <summary>A disk of 15 MiB in blocks of 1 MiB, whose first block holds data.</summary>
    private byte[] Make()
    {
        scratch.Write("in.raw", [.. Content.Noise(100_000, 1), .. new byte[(15 << 20) - 100_000]]);
        Tool.QemuImg("convert", "-f", "raw", "-O", "vhdx", "-o", "block_size=1M", scratch["in.raw"], scratch["x.vhdx"]);
        return File.ReadAllBytes(scratch["x.vhdx"]);
    }
}
