using System.IO.Compression;
using System.Text;
using ImageBackup.Disks;
using ImageBackup.Ova.Archive;
using ImageBackup.Ova.Blocks;
using ImageBackup.Ova.Tests.Descriptor;
using ImageBackup.Ova.Tests.IO;
using ImageBackup.Ova.Tests.Tar;
using ImageBackup.TestSupport;

namespace ImageBackup.Ova.Tests.Archive;

/// <summary>Members that are disk images are restored as the bytes that a guest sees. qemu-img makes the images and judges the restored volumes.</summary>
public sealed class MemberFormatTests : IDisposable
{
    private const int Length = 3 << 20;

    private readonly TempDirectory directory = new();

    public void Dispose() => directory.Dispose();

    public static TheoryData<string, string, string> Images
    {
        get
        {
            var images = new TheoryData<string, string, string>();
            foreach (var (format, options) in new[]
            {
                ("qcow2", "compat=1.1"), ("qcow2", "compression_type=zstd"), ("vmdk", "subformat=streamOptimized"), ("vmdk", "subformat=monolithicSparse"),
                ("vpc", "subformat=fixed,force_size=on"), ("vpc", "subformat=dynamic,force_size=on"), ("vhdx", "subformat=dynamic"), ("vdi", "static=off"), ("raw", "preallocation=off"),
            })
            {
                foreach (var compression in new[] { "", "gzip", "xz", "zstd" })
                {
                    images.Add(format, options, compression);
                }
            }

            return images;
        }
    }

    [Theory]
    [MemberData(nameof(Images))]
    public async Task A_disk_image_is_restored_as_the_bytes_that_its_guest_sees(string format, string options, string compression)
    {
        var disk = Disk();
        Tool.Run("qemu-img", "convert", "-f", "raw", "-O", format, "-o", options, disk, directory["image"]);
        Tool.Run("qemu-img", "convert", "-f", format, "-O", "raw", directory["image"], directory["expected"]);
        var member = await File.ReadAllBytesAsync(Compress(directory["image"], compression));

        var archive = await ReadAsync(Archive(member));
        await Sample.RestoreAsync(archive.Volumes[0], directory["restored"]);

        Assert.Equal(await File.ReadAllBytesAsync(directory["expected"]), await File.ReadAllBytesAsync(directory["restored"]));
        Assert.DoesNotContain(directory.Names, name => name.StartsWith("unpacked-", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Holes_of_an_image_are_holes_of_the_volume()
    {
        using (var file = File.OpenHandle(directory["disk"], FileMode.Create, FileAccess.Write))
        {
            RandomAccess.SetLength(file, 1L << 30);
            RandomAccess.Write(file, Random.Shared.NextBytes(100_000), 700 << 20);
        }

        Tool.Run("qemu-img", "convert", "-f", "raw", "-O", "qcow2", directory["disk"], directory["image"]);

        var archive = await ReadAsync(Archive(await File.ReadAllBytesAsync(directory["image"]), 1L << 30));
        await Sample.RestoreAsync(archive.Volumes[0], directory["restored"]);

        Assert.Equal("", Tool.Run("cmp", directory["disk"], directory["restored"]));
        Assert.InRange(long.Parse(Tool.Run("stat", "-c", "%b", directory["restored"])) * 512, 1, 1 << 20);
    }

    [Theory]
    [InlineData("bzip2", "is bzip2, which is not read")]
    [InlineData("zip", "is zip, which is not read")]
    [InlineData("tar", "is tar, which is not read")]
    [InlineData("qed", "is QED, which is not read")]
    [InlineData("gzip of zip", "contains zip, which is not read")]
    public async Task A_format_that_is_not_read_is_refused_by_name_and_not_called_damaged(string format, string reason)
    {
        var member = format switch
        {
            "bzip2" => await File.ReadAllBytesAsync(Compress(Disk(), "bzip2")),
            "zip" => Zip(),
            "tar" => RawTar.Of(("x", Random.Shared.NextBytes(1000))).End(),
            "qed" => [.. "QED\0"u8, .. new byte[5000]],
            _ => Gzip(Zip()),
        };

        var refusal = await RefusedAsync(Archive(member));
        var forced = await ReadAsync(Archive(member, member.Length), forceRaw: true);
        await Sample.RestoreAsync(forced.Volumes[0], directory["restored"]);

        Assert.Contains($"'aixdb_boot': The ", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("force_raw", refusal.Message, StringComparison.Ordinal);
        Assert.True(refusal.IsUnsupported);
        Assert.DoesNotContain("damaged", refusal.Message, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(member, await File.ReadAllBytesAsync(directory["restored"]));
    }

    [Fact]
    public async Task A_disk_that_names_another_file_is_refused_by_name()
    {
        Tool.Run("qemu-img", "create", "-f", "qcow2", directory["base"], "1M");
        Tool.Run("qemu-img", "create", "-f", "qcow2", "-b", directory["base"], "-F", "qcow2", directory["image"]);
        Tool.Run("qemu-img", "create", "-f", "vmdk", "-o", "subformat=monolithicFlat", directory["flat.vmdk"], "1M");

        var backing = await RefusedAsync(Archive(await File.ReadAllBytesAsync(directory["image"])));
        var extents = await RefusedAsync(Archive(await File.ReadAllBytesAsync(directory["flat.vmdk"])));

        Assert.Contains("needs its backing file", backing.Message, StringComparison.Ordinal);
        Assert.Contains("data is in another file", extents.Message, StringComparison.Ordinal);
        Assert.All([backing, extents], refusal => Assert.True(refusal.IsUnsupported));
    }

    [Theory]
    [InlineData("http://www.vmware.com/interfaces/specifications/vmdk.html#streamOptimized", "", "declares the disk format VMDK, but its bytes are qcow2")]
    [InlineData("http://example.com/raw", "", "declares the disk format raw, but its bytes are qcow2")]
    [InlineData("http://www.gnome.org/~markmc/qcow-image-format.html", "", null)]
    [InlineData("http://example.com/unknown", "", null)]
    [InlineData("http://www.vmware.com/specifications/vmdk.html#sparse", "ovf:volume-format='COW'", null)]
    [InlineData("http://www.gnome.org/~markmc/qcow-image-format.html", "ovf:volume-format='RAW'", "declares the disk format raw, but its bytes are qcow2")]
    public async Task The_declared_format_is_compared_with_the_bytes(string uri, string more, string? reason)
    {
        Tool.Run("qemu-img", "convert", "-f", "raw", "-O", "qcow2", Disk(), directory["image"]);
        var path = Archive(await File.ReadAllBytesAsync(directory["image"]), disk: $"ovf:format='{uri}' {more}");

        if (reason is null)
        {
            Assert.Equal(DiskFormat.Qcow2, (await ReadAsync(path)).Volumes[0].Disk.Format);
        }
        else
        {
            Assert.Contains(reason, (await RefusedAsync(path)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_raw_disk_in_place_of_a_declared_image_is_refused()
    {
        var path = Archive(await File.ReadAllBytesAsync(Disk()), disk: "ovf:format='http://www.vmware.com/interfaces/specifications/vmdk.html#streamOptimized'");

        var refusal = await RefusedAsync(path);

        Assert.Contains("declares the disk format VMDK, but its bytes are raw", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(MemberEncoding.Raw, (await ReadAsync(path, forceRaw: true)).Volumes[0].Encoding);
    }

    [Fact]
    public async Task A_gzipped_disk_declared_VHD_that_is_none_is_not_restored()
    {
        var path = Archive(Gzip(await File.ReadAllBytesAsync(Disk())), disk: "ovf:format='http://example.com/vhdspec'");

        var archive = await ReadAsync(path);
        var refusal = await Assert.ThrowsAsync<InvalidOvaException>(() => Sample.RestoreAsync(archive.Volumes[0], directory["restored"]));

        Assert.Contains("declared VHD, but its bytes are raw", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_disk_larger_than_its_capacity_is_refused_before_it_is_restored()
    {
        Tool.Run("qemu-img", "create", "-f", "qcow2", directory["image"], "4M");

        var refusal = await RefusedAsync(Archive(await File.ReadAllBytesAsync(directory["image"])));

        Assert.Contains($"The qcow2 disk in 'aixdb_boot' has {4 << 20} bytes, more than its capacity of {Length}", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(OvaCompression.None)]
    [InlineData(OvaCompression.Fast)]
    public async Task An_archive_of_our_own_restores_a_raw_disk_that_looks_like_an_image(OvaCompression compression)
    {
        Tool.Run("qemu-img", "convert", "-f", "raw", "-O", "qcow2", Disk(), directory["image"]);
        var packed = await Sample.PackAsync(directory["image"], directory["vol"], compression);
        await Sample.WriteAsync(
            directory["x.ova"],
            Sample.Descriptor(Sample.Volume("vol", packed.Packed.VolumeSize, boot: true, gzip: compression != OvaCompression.None)),
            packed);

        var archive = await ReadAsync(directory["x.ova"]);
        await Sample.RestoreAsync(archive.Volumes[0], directory["restored"]);

        Assert.Equal(await File.ReadAllBytesAsync(directory["image"]), await File.ReadAllBytesAsync(directory["restored"]));
    }

    [Fact]
    public async Task Declared_gzip_is_unpacked_once_when_raw_is_forced()
    {
        var inner = Gzip(Random.Shared.NextBytes(5000));
        var path = Archive(Gzip(inner), inner.Length, file: "ovf:compression='gzip'");

        await Sample.RestoreAsync((await ReadAsync(path, forceRaw: true)).Volumes[0], directory["restored"]);
        var undeclared = await RefusedAsync(Archive(new byte[100], file: "ovf:compression='gzip'"), forceRaw: true);
        var other = await RefusedAsync(Archive(Gzip(inner), file: "ovf:compression='xz'"));

        Assert.Equal(inner, await File.ReadAllBytesAsync(directory["restored"]));
        Assert.Contains("declared gzip, but does not begin like gzip", undeclared.Message, StringComparison.Ordinal);
        Assert.Contains("gzip", other.Message, StringComparison.Ordinal);
    }

    private string Archive(byte[] member, long capacity = Length, string file = "", string disk = "")
    {
        var descriptor = PowerVcs.With(
            file: $"<ovf:File ovf:href='aixdb_boot' ovf:id='file1' {file}/>",
            disk: PowerVcs.Disk.Replace("<ovf:Disk ", $"<ovf:Disk {disk} ", StringComparison.Ordinal),
            capacity: $"{capacity}");
        File.WriteAllBytes(directory["x.ova"], RawTar.Of(("x.ovf", descriptor), ("aixdb_boot", member)).End());
        return directory["x.ova"];
    }

    private Task<OvaArchive> ReadAsync(string path, bool forceRaw = false)
        => OvaReader.ReadAsync(path, Sample.Options(directory) with { ForceRaw = forceRaw }, Sample.NoProgress, CancellationToken.None);

    private Task<InvalidOvaException> RefusedAsync(string path, bool forceRaw = false) => Assert.ThrowsAsync<InvalidOvaException>(() => ReadAsync(path, forceRaw));

    /// <summary>Noise, zeros and a hole.</summary>
    private string Disk()
    {
        using var file = File.OpenHandle(directory["disk"], FileMode.Create, FileAccess.Write);
        RandomAccess.SetLength(file, Length);
        RandomAccess.Write(file, Random.Shared.NextBytes(300_000), 0);
        RandomAccess.Write(file, new byte[100_000], 1 << 20);
        RandomAccess.Write(file, Random.Shared.NextBytes(100_001), 2 << 20);
        return directory["disk"];
    }

    private static string Compress(string path, string program)
    {
        if (program.Length == 0)
        {
            return path;
        }

        Tool.Run("sh", "-c", $"{program} -c '{path}' > '{path}.packed'");
        return path + ".packed";
    }

    private static byte[] Zip()
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create))
        {
            using var entry = zip.CreateEntry("disk.img").Open();
            entry.Write(Encoding.UTF8.GetBytes("disk"));
        }

        return bytes.ToArray();
    }

    private static byte[] Gzip(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(bytes);
        }

        return packed.ToArray();
    }
}
