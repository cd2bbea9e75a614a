using System.Buffers.Binary;
using System.Text;
using ImageBackup.Disks.Tests.Support;
using static ImageBackup.Disks.DiskImageError;

namespace ImageBackup.Disks.Tests.Vmdk;

/// <summary>VMDK images that are damaged, or use something that is not read, are refused by name.</summary>
public sealed class VmdkRefusalTests : IDisposable
{
    private readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public void A_descriptor_is_refused_with_the_file_that_it_names() => Patch.IsRefused(
        "# Disk DescriptorFile\nversion=1\nparentCID=ffffffff\ncreateType=\"monolithicFlat\"\nRW 2048 FLAT \"../../etc/passwd\" 0\n"u8.ToArray(), Unsupported,
        "The file is a VMDK descriptor; the disk's data is in another file '../../etc/passwd'. Provide a single file: qemu-img convert makes one.");

    [Fact]
    public void A_descriptor_without_extents_is_refused() => Patch.IsRefused(
        "version=1\n"u8.ToArray(), Unsupported, "The file is a VMDK descriptor; the disk's data is in another file. Provide a single file: qemu-img convert makes one.");

    [Theory]
    [InlineData("monolithicFlat", "x-flat.vmdk")]
    [InlineData("twoGbMaxExtentFlat", "x-f001.vmdk")]
    [InlineData("twoGbMaxExtentSparse", "x-s001.vmdk")]
    public void A_disk_of_several_files_is_refused(string subformat, string extent)
    {
        Tool.QemuImg("create", "-f", "vmdk", "-o", $"subformat={subformat}", scratch["x.vmdk"], "3M");

        Patch.IsRefused(File.ReadAllBytes(scratch["x.vmdk"]), Unsupported,
            $"The file is a VMDK descriptor; the disk's data is in another file '{extent}'. Provide a single file: qemu-img convert makes one.");
    }

    [Fact]
    public void One_extent_of_several_is_refused()
    {
        Tool.QemuImg("create", "-f", "vmdk", "-o", "subformat=twoGbMaxExtentSparse", scratch["x.vmdk"], "3M");

        Patch.IsRefused(File.ReadAllBytes(scratch["x-s001.vmdk"]), Unsupported,
            "The VMDK has no descriptor: it is one extent of a disk that consists of several files. Combine them with qemu-img convert.");
    }

    [Fact]
    public void A_parent_is_refused_by_name()
    {
        Tool.QemuImg("create", "-f", "vmdk", scratch["base.vmdk"], "3M");
        Tool.QemuImg("create", "-f", "vmdk", "-b", scratch["base.vmdk"], "-F", "vmdk", scratch["x.vmdk"]);

        Patch.IsRefused(File.ReadAllBytes(scratch["x.vmdk"]), Unsupported,
            $"The VMDK needs its parent '{scratch["base.vmdk"]}'. Disks with a parent are not supported: flatten it with qemu-img convert.");
    }

    [Theory]
    [InlineData("RW 6144 SPARSE \"x.vmdk\"", "RW 6144 VMFS   \"x.vmdk\"", "The VMDK consists of 1 extents ('x.vmdk'). Disks of one sparse extent are supported.")]
    [InlineData("#DDB", "RW 1 ZERO", "The VMDK consists of 2 extents ('x.vmdk', ''). Disks of one sparse extent are supported.")]
    [InlineData("monolithicSparse", "vmfsThin        ", "VMDK createType 'vmfsThin        ' is not supported. monolithicSparse and streamOptimized are.")]
    public void Other_descriptions_are_refused(string from, string to, string message) => Patch.IsRefused(Replace(Make("monolithicSparse"), from, to), Unsupported, message);

    [Theory]
    [InlineData("RW 6144", "RW 9144")]
    [InlineData("RW 6144", "RW 6016")]
    public void A_description_of_another_size_is_refused(string from, string to) =>
        Patch.IsRefused(Replace(Make("monolithicSparse"), from, to), Damaged, $"The VMDK descriptor says {to[3..]} sectors, its header 6144.");

    [Fact]
    public void Extents_of_esx_are_refused()
    {
        Patch.IsRefused([.. "COWD"u8, .. new byte[600]], Unsupported, "VMDK extents of ESX (COWD) are not supported. Export the disk as stream-optimized.");
        Patch.IsRefused([0xbe, 0xba, 0xfe, 0xca, .. new byte[600]], Unsupported, "VMDK extents of ESX (SESPARSE) are not supported. Export the disk as stream-optimized.");
    }

    [Fact]
    public void Impossible_headers_are_refused()
    {
        var image = Make("monolithicSparse");
        var length = image.Length;

        Patch.IsRefused(image[..500], Damaged, "The VMDK header needs 512 bytes; the file has 500.");
        Patch.IsRefused(image.WithLittle32(4, 4), Unsupported, "VMDK version 4 is not supported. Versions 1 to 3 are.");
        Patch.IsRefused(image.With(75, (byte)'\n'), Damaged, "The VMDK file was changed by a transfer in text mode: its line ends differ.");
        Patch.IsRefused(image.WithLittle64(12, ulong.MaxValue), Damaged, "VMDK capacity is 18446744073709551615 sectors, which no disk has.");
        Patch.IsRefused(image.WithLittle64(20, 100), Unsupported, "VMDK grainSize is 100 sectors. Powers of two from 8 to 4096 are supported.");
        Patch.IsRefused(image.WithLittle64(20, 1 << 20), Unsupported, "VMDK grainSize is 1048576 sectors. Powers of two from 8 to 4096 are supported.");
        Patch.IsRefused(image.WithLittle32(44, 0), Unsupported, "VMDK numGTEsPerGT is 0. 1 to 512 are supported.");
        Patch.IsRefused(image.WithLittle32(44, 0x7fffffff), Unsupported, "VMDK numGTEsPerGT is 2147483647. 1 to 512 are supported.");
        Patch.IsRefused(image.WithLittle64(56, ulong.MaxValue - 1), Damaged, $"The VMDK grain directory at sector 18446744073709551614 with 4 bytes leaves the file of {length} bytes.");
        Patch.IsRefused(image.WithLittle64(28, 1L << 60), Damaged, $"The VMDK descriptor at sector {1L << 60} with 20 sectors leaves the file of {length} bytes.");
        Patch.IsRefused(image.WithLittle64(36, 1L << 60), Damaged, $"The VMDK descriptor at sector 1 with {1L << 60} sectors leaves the file of {length} bytes.");
    }

    [Fact]
    public void Impossible_compression_is_refused()
    {
        var image = Make("streamOptimized");
        var flags = BinaryPrimitives.ReadUInt32LittleEndian(image.AsSpan(8));

        Patch.IsRefused(image.With(77, 2), Unsupported, "VMDK compression 2 is not supported. Compression 1 (deflate) is.");
        Patch.IsRefused(image.WithLittle32(8, flags & ~0x20000u), Unsupported, "VMDK files with compressed grains and without markers are not supported.");
    }

    [Fact]
    public void Impossible_tables_are_refused()
    {
        var image = Make("monolithicSparse");
        var directory = Directory(image);
        var table = Table(image);

        Patch.IsRefused(image.WithLittle32(directory, 0xfffffff0), Damaged,
            $"Entry 0 of the VMDK grain directory is sector 4294967280, behind the end of the file of {image.Length} bytes.");
        Patch.IsRefused(image.WithLittle32(table, 0xfffffff0), Damaged, $"A VMDK grain is stored at sector 4294967280, behind the end of the file of {image.Length} bytes.");
        var first = BinaryPrimitives.ReadUInt32LittleEndian(image.AsSpan(table));
        for (var i = 0; i < 48; i++)
        {
            image = image.WithLittle32(table + (4 * i), first);
        }

        Patch.IsRefused(image, Damaged, $"The image maps more data than the {image.Length} bytes of its file: several parts of the disk share the same bytes.");
    }

    [Fact]
    public void Grain_tables_that_are_used_twice_are_refused()
    {
        var image = Make("monolithicSparse").WithLittle64(12, 1L << 24);
        image = Replace(image, "RW 6144", "RW 16777216 SPARSE \"x.vmdk\"\n#");
        var directory = Directory(image);
        for (var i = 1; i < 256; i++)
        {
            image = image.WithLittle32(directory + (4 * i), BinaryPrimitives.ReadUInt32LittleEndian(image.AsSpan(directory)));
        }

        Patch.IsRefused(image, Damaged, $"The VMDK grain directory names 256 grain tables, more than fit into the file's {image.Length} bytes.");
    }

    [Fact]
    public void A_stream_without_its_end_is_refused()
    {
        const string message = "The stream-optimized VMDK does not end with its footer and end-of-stream marker: the file is cut off, or bytes follow.";
        var image = Footed();

        Patch.IsRefused(image[..^512], Damaged, message);
        Patch.IsRefused([.. image, .. new byte[512]], Damaged, message);
        Patch.IsRefused(image[..600], Damaged, message);
        Patch.IsRefused(image.With(image.Length - 1024 + 12, 9), Damaged, "The footer of the stream-optimized VMDK contradicts its header.");
    }

    [Fact]
    public void Damaged_grains_are_refused()
    {
        var image = Make("streamOptimized");
        var grain = BinaryPrimitives.ReadUInt32LittleEndian(image.AsSpan(Table(image))) * 512;
        var length = BinaryPrimitives.ReadUInt32LittleEndian(image.AsSpan((int)grain + 8));

        Patch.IsRefused(image.WithLittle64(grain, 128), Damaged, $"The VMDK grain at {grain} says {length} bytes of sector 128; it should be sector 0.");
        Patch.IsRefused(image.WithLittle32(grain + 8, 0x7fffffff), Damaged, $"The VMDK grain at {grain} says 2147483647 bytes of sector 0; it should be sector 0.");
        foreach (var damaged in new[] { image.With(grain + 40, 0xff, 0xff, 0xff), image.With(grain + 12 + length - 1, (byte)(image[grain + 12 + length - 1] ^ 1)), image.WithLittle32(grain + 8, 100) })
        {
            var refusal = Assert.Throws<DiskImageException>(() => Patch.ReadAll(damaged));
            Assert.Equal(Damaged, refusal.Error);
            Assert.StartsWith("The VMDK grain of the disk's bytes from 0 is damaged: ", refusal.Message, StringComparison.Ordinal);
        }
    }

    private static byte[] Replace(byte[] image, string from, string to)
    {
        var at = image.AsSpan().IndexOf(Encoding.ASCII.GetBytes(from));
        return image.With(at, Encoding.ASCII.GetBytes(to));
    }

    private static int Directory(byte[] image) => (int)BinaryPrimitives.ReadInt64LittleEndian(image.AsSpan(56)) * 512;

    private static int Table(byte[] image) => (int)BinaryPrimitives.ReadUInt32LittleEndian(image.AsSpan(Directory(image))) * 512;

    /// <summary>A stream with a footer, as our writer and VMware make it.</summary>
    private byte[] Footed()
    {
        using var disk = new FileSource(scratch.Write("in.raw", Content.Noise(100_000, 2)));
        using var target = new MemoryStream();
        Disks.Vmdk.VmdkWriter.WriteAsync(disk, target, "x.vmdk", System.IO.Compression.CompressionLevel.Fastest, null, CancellationToken.None).GetAwaiter().GetResult();
        return target.ToArray();
    }

    /// <summary>A disk of 3 MiB whose first 200 KiB hold data.</summary>
    private byte[] Make(string subformat)
    {
        scratch.Write("in.raw", [.. Content.Noise(100_000, 1), .. Judge.Filled(100_000, 7), .. new byte[(3 << 20) - 200_000]]);
        Tool.QemuImg("convert", "-f", "raw", "-O", "vmdk", "-o", $"subformat={subformat}", scratch["in.raw"], scratch["x.vmdk"]);
        return File.ReadAllBytes(scratch["x.vmdk"]);
    }
}
