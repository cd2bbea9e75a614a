using System.IO.Compression;
using ImageBackup.Disks.Opening;
using ImageBackup.Disks.Tests.Support;

namespace ImageBackup.Disks.Tests.Unpacking;

/// <summary>Images inside gzip, xz and zstd, made by these programs.</summary>
public sealed class CompressedImageTests : IDisposable
{
    private readonly Scratch scratch = new();

    public static TheoryData<string, string> Packers => new()
    {
        { "gzip", "-1" },
        { "gzip", "-9" },
        { "xz", "-0" },
        { "xz", "-9" },
        { "xz", "--check=none" },
        { "xz", "--check=crc32" },
        { "xz", "--check=sha256" },
        { "xz", "--block-size=100000" },
        { "zstd", "-1" },
        { "zstd", "-19" },
        { "zstd", "--no-check" },
    };

    public void Dispose() => scratch.Dispose();

    [Theory]
    [MemberData(nameof(Packers))]
    public async Task A_raw_disk_is_streamed(string program, string option)
    {
        var raw = scratch.WriteRaw("x", 7_000_123, seed: 1);
        Tool.Run(program, "-k", "-q", option, raw);

        using var image = Open(Packed(program));

        Assert.Equal((DiskFormat.Raw, FormatOf(program), null, null), (image.Format, image.Compression, image.Length, image.Guest));
        await Judge.IsStreamedAsync(image, File.ReadAllBytes(raw));
        await Judge.IsWrittenAsync(scratch, image, File.ReadAllBytes(raw));
    }

    /// <summary>Lengths around the size of a piece, so that the end lies in one or two pieces.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(511)]
    [InlineData(1 << 20)]
    [InlineData((1 << 20) - 1)]
    [InlineData((1 << 20) + 1)]
    [InlineData((1 << 20) + 511)]
    [InlineData((1 << 20) + 512)]
    [InlineData((2 << 20) + 3)]
    public async Task Every_length_is_streamed(int length)
    {
        var bytes = Content.Noise(length, 2);

        using var image = Open(PackGzip("x.gz", bytes));

        await Judge.IsStreamedAsync(image, bytes);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("xz")]
    [InlineData("zstd")]
    public async Task Files_that_were_joined_are_streamed_as_one(string program)
    {
        var first = scratch.Write("a", Content.Noise(1_500_000, 3));
        var second = scratch.Write("b", Content.Noise(700_000, 4));
        Tool.Run(program, "-k", "-q", first, second);
        var extension = Extension(program);
        scratch.Write("x", [.. File.ReadAllBytes(first + extension), .. File.ReadAllBytes(second + extension)]);

        using var image = Open(scratch["x"]);

        await Judge.IsStreamedAsync(image, [.. File.ReadAllBytes(first), .. File.ReadAllBytes(second)]);
    }

    [Fact]
    public async Task Padding_between_and_behind_xz_streams_is_skipped()
    {
        var raw = scratch.Write("x", Content.Noise(300_000, 5));
        Tool.Run("xz", "-k", raw);
        var packed = File.ReadAllBytes(scratch["x.xz"]);
        scratch.Write("y", [.. packed, .. new byte[8], .. packed, .. new byte[512]]);

        using var image = Open(scratch["y"]);

        await Judge.IsStreamedAsync(image, [.. File.ReadAllBytes(raw), .. File.ReadAllBytes(raw)]);
    }

    [Fact]
    public async Task Skippable_zstd_frames_are_skipped()
    {
        var raw = scratch.Write("x", Content.Noise(300_000, 6));
        Tool.Run("zstd", "-q", "-k", raw);
        scratch.Write("y", [0x53, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3, .. File.ReadAllBytes(scratch["x.zst"])]);

        using var image = Open(scratch["y"]);

        await Judge.IsStreamedAsync(image, File.ReadAllBytes(raw));
    }

    [Theory]
    [InlineData("gzip", "qcow2", DiskFormat.Qcow2)]
    [InlineData("xz", "qcow2", DiskFormat.Qcow2)]
    [InlineData("zstd", "vmdk", DiskFormat.Vmdk)]
    [InlineData("zstd", "vpc", DiskFormat.Vhd)]
    [InlineData("gzip", "vhdx", DiskFormat.Vhdx)]
    [InlineData("xz", "vdi", DiskFormat.Vdi)]
    public async Task Other_images_are_unpacked_into_the_scratch_file_first(string program, string qemuFormat, DiskFormat format)
    {
        var raw = scratch.WriteRaw("in.raw", 4_177_920, seed: 7);
        Tool.QemuImg("convert", "-f", "raw", "-O", qemuFormat, raw, scratch["x"]);
        Tool.Run(program, "-q", scratch["x"]);

        using (var image = Open(Packed(program), new DiskOpenOptions { ScratchPath = scratch["scratch"] }))
        {
            Assert.Equal((format, FormatOf(program)), (image.Format, image.Compression));
            Assert.Contains("scratch", scratch.Names);
            await Judge.IsStreamedAsync(image, File.ReadAllBytes(raw));
        }

        Assert.DoesNotContain("scratch", scratch.Names);
    }

    [Theory]
    [InlineData(4_177_920)]
    [InlineData(4_194_304 - 512)] // with its footer, whole pieces
    [InlineData(4_194_304)] // the footer alone in the last piece
    public async Task A_fixed_vhd_is_streamed_without_its_footer(int length)
    {
        var raw = scratch.WriteRaw("in.raw", length, seed: 8);
        Tool.QemuImg("convert", "-f", "raw", "-O", "vpc", "-o", "subformat=fixed,force_size=on", raw, scratch["x"]);
        Tool.Run("gzip", scratch["x"]);

        using var image = Open(scratch["x.gz"]);

        await Judge.IsStreamedAsync(image, File.ReadAllBytes(raw));
        Assert.Equal(DiskFormat.Vhd, image.Format);
    }

    [Fact]
    public void An_image_that_must_be_unpacked_is_refused_without_a_scratch_file()
    {
        Tool.QemuImg("create", "-f", "qcow2", scratch["x"], "1M");
        Tool.Run("xz", scratch["x"]);

        var refusal = Assert.Throws<DiskImageException>(() => Open(scratch["x.xz"]));

        Assert.Equal((DiskImageError.Unsupported, "The xz file contains qcow2, which must be unpacked before it can be read."), (refusal.Error, refusal.Message));
    }

    [Fact]
    public async Task A_disk_that_unpacks_to_more_than_allowed_is_refused()
    {
        var bomb = PackGzip("x.gz", new byte[50_000_000]);

        using var image = Open(bomb, new DiskOpenOptions { MaxLength = 10_000_000 });
        var refusal = await Assert.ThrowsAsync<DiskImageException>(() => Judge.IsStreamedAsync(image, new byte[50_000_000]));

        Assert.Equal((DiskImageError.TooLarge, "The gzip file unpacks to more than the 10000000 bytes that are allowed."), (refusal.Error, refusal.Message));
    }

    [Fact]
    public void An_image_that_unpacks_to_more_than_the_scratch_file_may_have_is_refused()
    {
        Tool.QemuImg("create", "-f", "vdi", "-o", "static=on", scratch["x"], "20M");
        Tool.Run("gzip", scratch["x"]);

        var refusal = Assert.Throws<DiskImageException>(
            () => Open(scratch["x.gz"], new DiskOpenOptions { ScratchPath = scratch["scratch"], MaxScratchLength = 10_000_000 }));

        Assert.Equal(DiskImageError.TooLarge, refusal.Error);
        Assert.DoesNotContain("scratch", scratch.Names);
    }

    [Theory]
    [InlineData("gzip", 1)]
    [InlineData("gzip", 8)]
    [InlineData("gzip", 9)]
    [InlineData("gzip", 100_000)]
    [InlineData("xz", 1)]
    [InlineData("xz", 12)]
    [InlineData("xz", 24)]
    [InlineData("xz", 100_000)]
    [InlineData("zstd", 1)]
    [InlineData("zstd", 4)]
    [InlineData("zstd", 100_000)]
    public async Task A_file_that_is_cut_off_is_refused(string program, int missing)
    {
        var raw = scratch.Write("x", Content.Noise(2_000_000, 9));
        Tool.Run(program, "-k", "-q", raw);
        var packed = File.ReadAllBytes(Packed(program));

        await IsDamagedAsync(packed[..^missing]);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("xz")]
    [InlineData("zstd")]
    public async Task Bytes_behind_the_end_are_refused(string program)
    {
        var raw = scratch.Write("x", Content.Noise(2_000_000, 10));
        Tool.Run(program, "-k", "-q", raw);

        await IsDamagedAsync([.. File.ReadAllBytes(Packed(program)), 1, 2, 3, 4, 5, 6, 7, 8]);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("xz")]
    [InlineData("zstd")]
    public async Task A_changed_byte_is_found(string program)
    {
        var raw = scratch.WriteRaw("x", 600_000, seed: 11);
        Tool.Run(program, "-k", "-q", raw);
        var packed = File.ReadAllBytes(Packed(program));
        var random = new Random(12);

        for (var i = 0; i < 30; i++)
        {
            var changed = (byte[])packed.Clone();
            changed[random.Next(packed.Length / 10, packed.Length)] ^= (byte)(1 << random.Next(8));
            await IsDamagedAsync(changed);
        }
    }

    [Theory]
    [InlineData("xz", "--lzma2=dict=128MiB", 1, "The xz file uses a dictionary of more than 64 MiB, which xz -9 does not. Pack it again with a smaller one.")]
    [InlineData("xz", "--x86 --lzma2", 1, "The xz file uses filter 0x4 in a chain of 2. LZMA2 alone is supported: pack it again without filters.")]
    [InlineData("zstd", "--ultra --long=27 --no-check", 200 << 20, "The zstd file uses a window of more than 64 MiB. Pack it again without --long and with at most --ultra -21.")]
    public void A_file_that_needs_much_memory_or_a_filter_is_refused(string program, string options, int length, string message)
    {
        using (var file = File.Create(scratch["x"]))
        {
            file.SetLength(length);
        }

        Tool.Run(program, ["-k", "-q", .. options.Split(' '), scratch["x"]]);

        var refusal = Assert.Throws<DiskImageException>(() => Open(Packed(program)));

        Assert.Equal((DiskImageError.Unsupported, message), (refusal.Error, refusal.Message));
    }

    [Fact]
    public async Task A_stream_can_be_cancelled()
    {
        using var stop = new CancellationTokenSource();
        using var image = Open(PackGzip("x.gz", new byte[50_000_000]));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var extent in image.ReadAsync(stop.Token))
            {
                Assert.True(extent.Offset < 10_000_000);
                await stop.CancelAsync();
            }
        });
    }

    private static DiskFormat? FormatOf(string program) => program switch { "gzip" => DiskFormat.Gzip, "xz" => DiskFormat.Xz, _ => DiskFormat.Zstd };

    private static string Extension(string program) => program switch { "gzip" => ".gz", "xz" => ".xz", _ => ".zst" };

    private static DiskImage Open(string path, DiskOpenOptions? options = null) =>
        DiskImages.Open(new FileSource(path), options ?? new DiskOpenOptions(), CancellationToken.None);

    private string Packed(string program) => scratch["x" + Extension(program)];

    private string PackGzip(string name, byte[] bytes)
    {
        using (var gzip = new GZipStream(File.Create(scratch[name]), CompressionLevel.Fastest))
        {
            gzip.Write(bytes);
        }

        return scratch[name];
    }

    private async Task IsDamagedAsync(byte[] packed)
    {
        using var image = Open(scratch.Write("damaged", packed));

        var refusal = await Assert.ThrowsAsync<DiskImageException>(async () =>
        {
            await foreach (var _ in image.ReadAsync(CancellationToken.None))
            {
            }
        });

        Assert.Equal(DiskImageError.Damaged, refusal.Error);
    }
}
