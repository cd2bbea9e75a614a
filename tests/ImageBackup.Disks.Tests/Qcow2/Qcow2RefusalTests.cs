using System.Buffers.Binary;
using ImageBackup.Disks.Tests.Support;
using static ImageBackup.Disks.DiskImageError;

namespace ImageBackup.Disks.Tests.Qcow2;

/// <summary>qcow2 images that are damaged, or use something that is not read, are refused by name.</summary>
public sealed class Qcow2RefusalTests : IDisposable
{
    private const ulong Copied = 1UL << 63;
    private const ulong Compressed = 1UL << 62;

    private readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public void A_backing_file_is_refused_by_name()
    {
        Tool.QemuImg("create", "-f", "raw", scratch["base"], "1M");
        Tool.QemuImg("create", "-f", "qcow2", "-u", "-b", "/etc/sha\u001bdow", "-F", "raw", scratch["x"], "1M");

        Patch.IsRefused(File.ReadAllBytes(scratch["x"]), Unsupported,
            "The qcow2 image needs its backing file '/etc/sha?dow'. Images with a backing file are not supported: flatten it with qemu-img convert.");
    }

    [Fact]
    public void An_external_data_file_is_refused_by_name()
    {
        Tool.QemuImg("create", "-f", "qcow2", "-o", $"data_file={scratch["data"]},data_file_raw=on", scratch["x"], "1M");

        Patch.IsRefused(File.ReadAllBytes(scratch["x"]), Unsupported,
            $"The data of the qcow2 image is in the external file '{scratch["data"]}'. External data files are not supported.");
    }

    [Theory]
    [InlineData(1, "AES")]
    [InlineData(2, "LUKS")]
    [InlineData(3, "method 3")]
    public void Encryption_is_refused(uint method, string name) =>
        Patch.IsRefused(Make().With32(32, method), Unsupported, $"The qcow2 image is encrypted ({name}). Encrypted images are not supported.");

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(0x80000003)]
    public void Other_versions_are_refused(uint version) =>
        Patch.IsRefused(Make().With32(4, version), Unsupported, $"qcow version {version} is not supported. Versions 2 and 3 are.");

    [Fact]
    public void Unknown_features_are_refused() =>
        Patch.IsRefused(Make().With64(72, 0x4000_0000_0000_0020), Unsupported, "The qcow2 image uses incompatible features that are not known: 0x4000000000000020.");

    [Fact]
    public void An_image_marked_as_corrupt_is_refused() =>
        Patch.IsRefused(Make().With64(72, 2), Damaged, "The qcow2 image is marked as corrupt. Repair it with qemu-img check -r all.");

    [Fact]
    public void Unknown_compression_is_refused()
    {
        var image = Make("compression_type=zstd");

        Patch.IsRefused(image.With(104, 2), Unsupported, "qcow2 compression type 2 is not supported. Types 0 (zlib) and 1 (zstd) are.");
        Patch.IsRefused(image.With(104, 0), Damaged, "qcow2 compression_type is 0, which contradicts the compression type bit of incompatible_features.");
        Patch.IsRefused(image.With64(72, 0), Damaged, "qcow2 compression_type is 1, which contradicts the compression type bit of incompatible_features.");
    }

    [Theory]
    [InlineData(8)]
    [InlineData(22)]
    [InlineData(0xffffffff)]
    public void Impossible_cluster_sizes_are_refused(uint bits) =>
        Patch.IsRefused(Make().With32(20, bits), Damaged, $"qcow2 cluster_bits is {bits}. It must be 9 to 21.");

    [Fact]
    public void Impossible_headers_are_refused()
    {
        Patch.IsRefused(Make()[..60], Damaged, "The qcow2 header needs 72 bytes; the file has 60.");
        Patch.IsRefused(Make().With32(100, 72), Damaged, "qcow2 header_length is 72. It must be a multiple of 8 from 104 up to the cluster size.");
        Patch.IsRefused(Make().With32(100, 0x20000), Damaged, "qcow2 header_length is 131072. It must be a multiple of 8 from 104 up to the cluster size.");
        Patch.IsRefused(Make("extended_l2=on").With32(20, 12), Damaged, "qcow2 cluster_bits is 12. With extended L2 entries it must be 14 to 21.");
        Patch.IsRefused(Make().With64(24, ulong.MaxValue), Damaged, "qcow2 size is 18446744073709551615, which no file can have.");
        Patch.IsRefused(Make().With64(40, Copied), Damaged, "qcow2 l1_table_offset is 9223372036854775808, which no file can have.");
    }

    [Fact]
    public void Impossible_l1_tables_are_refused()
    {
        var image = Make();
        var length = image.Length;

        Patch.IsRefused(image.With64(24, 5L << 40), Damaged, "The qcow2 L1 table has 1 entries; a disk of 5497558138880 bytes needs 10240.");
        Patch.IsRefused(image.With32(36, 0x7fff_ffff), Unsupported, "The qcow2 L1 table has 17179869176 bytes. At most 33554432 are supported.");
        Patch.IsRefused(image.With32(36, 0xffff_ffff), Unsupported, "The qcow2 L1 table has 17179869176 bytes. At most 33554432 are supported.");
        Patch.IsRefused(image.With64(40, 1000), Damaged, $"The qcow2 L1 table at 1000 with 8 bytes is not aligned to a cluster or leaves the file of {length} bytes.");
        Patch.IsRefused(image.With64(40, 1L << 40), Damaged, $"The qcow2 L1 table at {1L << 40} with 8 bytes is not aligned to a cluster or leaves the file of {length} bytes.");
    }

    [Theory]
    [InlineData(Copied | 0x1234_0000_0000)] // behind the end
    [InlineData(Copied | 0x30200)] // inside a cluster
    [InlineData(Copied | 0x30001)] // a reserved bit
    [InlineData(Copied | Compressed | 0x30000)] // another
    public void Impossible_l1_entries_are_refused(ulong entry)
    {
        var image = Make();

        Patch.IsRefused(image.With64(L1(image), entry), Damaged, $"Entry 0 of the qcow2 L1 table is 0x{entry:x}, which is no cluster inside the file of {image.Length} bytes.");
    }

    [Theory]
    [InlineData(Copied | 0x50200)]
    [InlineData(Copied | 0x50002)]
    [InlineData(Copied | 0x0100_0000_0005_0000)]
    public void Impossible_l2_entries_are_refused(ulong entry)
    {
        var image = Make();

        Patch.IsRefused(image.With64(L2(image), entry), Damaged, $"The qcow2 L2 entry 0x{entry:x} is no cluster.");
    }

    [Fact]
    public void A_cluster_behind_the_end_is_refused()
    {
        var image = Make();

        Patch.IsRefused(image.With64(L2(image), Copied | 0x1234_0000_0000), Damaged,
            $"The image ends too early: its file has {image.Length} bytes, and byte 0 of the disk is stored at {0x1234_0000_0000} to {0x1234_0001_0000}.");
    }

    [Fact]
    public void An_image_that_is_cut_off_is_refused()
    {
        var image = Make();

        var refusal = Assert.Throws<DiskImageException>(() => Patch.ReadAll(image[..^512]));

        Assert.Equal(Damaged, refusal.Error);
        Assert.StartsWith("The image ends too early: ", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Zero_clusters_of_version_2_are_refused()
    {
        var image = Make("compat=0.10");

        Patch.IsRefused(image.With64(L2(image), 1), Damaged, "The qcow2 L2 entry 0x1 is no cluster.");
    }

    [Fact]
    public void Impossible_subclusters_are_refused()
    {
        var image = Make("extended_l2=on");
        var entry = BinaryPrimitives.ReadUInt64BigEndian(image.AsSpan((int)L2(image)));

        Patch.IsRefused(image.With64(L2(image) + 8, 0x0000_0001_0000_0001), Damaged, $"The qcow2 L2 entry 0x{entry:x} has the impossible subcluster bitmap 0x100000001.");
        Patch.IsRefused(image.With64(L2(image), 0), Damaged, "The qcow2 L2 entry 0x0 has the impossible subcluster bitmap 0xffffffff.");
    }

    [Fact]
    public void Impossible_compressed_clusters_are_refused()
    {
        var image = Make("compression_type=zlib", "-c");
        var behind = Compressed | (uint)image.Length;

        Patch.IsRefused(image.With64(L2(image), behind), Damaged, $"The qcow2 L2 entry 0x{behind:x} is no compressed cluster inside the file of {image.Length} bytes.");
        Patch.IsRefused(image.With64(L2(image), Copied | Compressed | 0x50000), Damaged,
            $"The qcow2 L2 entry 0xc000000000050000 is no compressed cluster inside the file of {image.Length} bytes.");
    }

    [Theory]
    [InlineData("compression_type=zlib")]
    [InlineData("compression_type=zstd")]
    public void Damaged_compressed_clusters_are_refused(string options)
    {
        var image = Make(options, "-c");
        var data = (int)(BinaryPrimitives.ReadUInt64BigEndian(image.AsSpan((int)L2(image) + 16)) & 0xffff_ffff);

        var refusal = Assert.Throws<DiskImageException>(() => Patch.ReadAll(image.With(data, new byte[64])));

        Assert.Equal(Damaged, refusal.Error);
        Assert.StartsWith("The compressed qcow2 cluster of the disk's bytes from 131072 is damaged: ", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Clusters_that_are_used_twice_are_refused()
    {
        var image = Make();
        var entry = BinaryPrimitives.ReadUInt64BigEndian(image.AsSpan((int)L2(image)));
        for (var i = 0; i < 16; i++)
        {
            image = image.With64(L2(image) + (8 * i), entry);
        }

        Patch.IsRefused(image, Damaged, $"The image maps more data than the {image.Length} bytes of its file: several parts of the disk share the same bytes.");
    }

    /// <summary>A small file that claims a huge disk whose parts all share one table.</summary>
    [Fact]
    public void L2_tables_that_are_used_twice_are_refused()
    {
        var image = Make().With64(24, 1UL << 40).With32(36, 2048);
        var entry = BinaryPrimitives.ReadUInt64BigEndian(image.AsSpan((int)L1(image)));
        for (var i = 0; i < 2048; i++)
        {
            BinaryPrimitives.WriteUInt64BigEndian(image.AsSpan((int)L1(image) + (8 * i)), entry);
        }

        Patch.IsRefused(image, Damaged, $"The qcow2 L1 table names 2048 L2 tables, more than fit into the file's {image.Length} bytes.");
    }

    private static long L1(byte[] image) => BinaryPrimitives.ReadInt64BigEndian(image.AsSpan(40));

    private static long L2(byte[] image) => (long)(BinaryPrimitives.ReadUInt64BigEndian(image.AsSpan((int)L1(image))) & 0x00ff_ffff_ffff_fe00);

    /// <summary>A disk of 1 MiB whose first 200 KiB hold data.</summary>
    private byte[] Make(string options = "compat=1.1", params string[] more)
    {
        scratch.Write("in.raw", [.. Content.Noise(100_000, 1), .. Judge.Filled(100_000, 7), .. new byte[(1 << 20) - 200_000]]);
        Tool.QemuImg(["convert", "-f", "raw", "-O", "qcow2", "-o", options, .. more, scratch["in.raw"], scratch["x"]]);
        return File.ReadAllBytes(scratch["x"]);
    }
}
