using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using ImageBackup.Ova.Archive;
using ImageBackup.Ova.Blocks;
using ImageBackup.Ova.Tests.Descriptor;
using ImageBackup.Ova.Tests.IO;
using ImageBackup.Ova.Tests.Tar;
using ImageBackup.TestSupport;

namespace ImageBackup.Ova.Tests.Archive;

public sealed class OvaReaderTests : IDisposable
{
    private readonly TempDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task The_reader_returns_what_the_writer_wrote()
    {
        await Sample.TwoVolumesAsync(directory, directory["out.ova"]);

        var archive = await ReadAsync(directory["out.ova"]);

        Assert.True(archive.HasManifest);
        Assert.Null(archive.ScratchFile);
        Assert.Equal("dummycoreos", archive.Descriptor.Name);
        Assert.Equal(["vol-boot", "vol-data"], archive.Volumes.Select(volume => volume.Volume.Href));
        foreach (var volume in archive.Volumes)
        {
            var stored = Bytes(volume.Stored);
            Assert.Equal(await File.ReadAllBytesAsync(directory[volume.Volume.Href]), stored);
            Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(stored)), volume.Expected?.Sha256Hex);
            Assert.Equal(MemberEncoding.Raw, volume.Encoding);
        }

        Assert.Equal(await File.ReadAllBytesAsync(directory["vol-boot.blocks"]), Bytes(archive.Volumes[0].BlockList!));
        Assert.Equal(await File.ReadAllBytesAsync(directory["vol-data.blocks"]), Bytes(archive.Volumes[1].BlockList!));
    }

    [Fact]
    public async Task An_archive_in_the_shape_of_older_PowerVC_versions_is_read()
    {
        // Attributes without prefix, no manifest, no size, a capacity larger than the file, and gzip around the archive.
        var disk = new byte[3 << 20];
        Random.Shared.NextBytes(disk.AsSpan(1 << 20, 1 << 20));
        await File.WriteAllBytesAsync(directory["old.ova"], RawTar.Of(("aixdb_boot", disk), ("aixdb.ovf", Utf8(PowerVcs.Unprefixed))).End(10_240));
        Tool.Run("gzip", directory["old.ova"]);

        var archive = await ReadAsync(directory["old.ova.gz"]);

        Assert.False(archive.HasManifest);
        Assert.Equal(("aix", "ppc64"), (archive.Descriptor.OsType, archive.Descriptor.Architecture));
        var volume = Assert.Single(archive.Volumes);
        Assert.Equal((10L << 30, disk.LongLength, MemberEncoding.Raw), (volume.Volume.Capacity, volume.Volume.StoredSize!.Value, volume.Encoding));
        Assert.Equal(archive.ScratchFile, volume.Stored.Path);
        Assert.Equal(disk, Bytes(volume.Stored));
        Assert.True(long.Parse(Tool.Run("stat", "-c", "%b", archive.ScratchFile!)) * 512 < 2 << 20, "Zeros take disk.");
    }

    [Theory]
    [InlineData("gnu")]
    [InlineData("oldgnu")]
    [InlineData("pax")]
    [InlineData("ustar")]
    [InlineData("v7")]
    public async Task Every_format_of_GNU_tar_is_read(string format)
    {
        await File.WriteAllBytesAsync(directory["aixdb_boot"], new byte[1000]);
        await File.WriteAllBytesAsync(directory["x.ovf"], PowerVcs.With());
        Tool.Run("tar", "cf", directory["x.ova"], $"--format={format}", "-C", directory.Path, "./x.ovf", "./aixdb_boot");

        Assert.Equal(1000, (await ReadAsync(directory["x.ova"])).Volumes[0].Stored.Length);
    }

    [Fact]
    public async Task Python_reads_our_archives_and_we_read_its_archives()
    {
        await Sample.TwoVolumesAsync(directory, directory["out.ova"]);
        var names = Tool.Run("python3", "-c", "import sys,tarfile; print(' '.join(tarfile.open(sys.argv[1]).getnames()))", directory["out.ova"]);
        await File.WriteAllBytesAsync(directory["aixdb_boot"], new byte[1000]);
        await File.WriteAllBytesAsync(directory["x.ovf"], PowerVcs.With());
        Tool.Run("python3", "-c", "import sys,os,tarfile; os.chdir(sys.argv[1]); t=tarfile.open('x.ova','w'); t.add('x.ovf'); t.add('aixdb_boot'); t.close()", directory.Path);

        Assert.Equal("out.ovf out.mf vol-boot vol-data vol-boot.blocks vol-data.blocks", names.Trim());
        Assert.Equal(1000, (await ReadAsync(directory["x.ova"])).Volumes[0].Stored.Length);
    }

    [Fact]
    public async Task The_meta_member_completes_the_descriptor()
    {
        var archive = await ReadAsync(Archive(
            ("one", new byte[10]), ("x.meta", "architecture = ppc64le\nvol2-file = two\nvol2-type = boot\n"u8.ToArray()), ("two", []), ("x.ovf", PowerVcs.Two(null, null))));

        Assert.Equal("ppc64le", archive.Descriptor.Architecture);
        Assert.Equal([false, true], archive.Descriptor.Volumes.Select(volume => volume.Boot));
    }

    [Fact]
    public async Task A_percent_encoded_href_names_its_member()
    {
        var archive = await ReadAsync(Archive(("x.ovf", PowerVcs.With(href: "my%20disk")), ("my disk", new byte[10])));

        Assert.Equal("my disk", archive.Descriptor.Volumes[0].Href);
    }

    [Theory]
    [InlineData("SHA1")]
    [InlineData("SHA256")]
    [InlineData("SHA384")]
    [InlineData("SHA512")]
    public async Task A_manifest_is_checked_with_its_digest_algorithm(string algorithm)
    {
        var descriptor = PowerVcs.With();
        var manifest = Utf8($"{algorithm}(x.ovf)= {Hash(algorithm, descriptor)}\r\n{algorithm} (aixdb_boot) = {Hash(algorithm, new byte[10]).ToUpperInvariant()}\n");
        descriptor[^1] = (byte)'>';

        var archive = await ReadAsync(Archive(("x.ovf", descriptor), ("aixdb_boot", new byte[10]), ("x.mf", manifest)));
        var broken = await RefusedAsync(Archive(("x.ovf", [.. descriptor, (byte)' ']), ("aixdb_boot", new byte[10]), ("x.mf", manifest)));

        Assert.Equal(Hash(algorithm, new byte[10]), archive.Volumes[0].Expected!.Hex);
        Assert.Equal(algorithm == "SHA256", archive.Volumes[0].Expected?.Sha256Hex is not null);
        Assert.Contains($"'x.ovf' differs from the manifest: {algorithm} {Hash(algorithm, descriptor)} expected", broken, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("hello", "is no digest")]
    [InlineData("MD5(x.ovf)= 00", "'MD5' is not supported")]
    [InlineData("SHA256(x.ovf)= 00", "64 hex digits")]
    [InlineData("SHA256(../x.ovf)= 00", "dot segments")]
    [InlineData("SHA1(gone)= 0000000000000000000000000000000000000000", "'gone', which is not in the archive")]
    [InlineData("SHA1(aixdb_boot)= 0000000000000000000000000000000000000000", "no digest for 'x.ovf'")]
    [InlineData("SHA1(a)= 0000000000000000000000000000000000000000\nSHA1(a)= 0000000000000000000000000000000000000000", "named twice")]
    public async Task A_wrong_manifest_is_refused(string manifest, string reason) =>
        Assert.Contains(reason, await RefusedAsync(Archive(("x.ovf", PowerVcs.With()), ("aixdb_boot", new byte[10]), ("x.mf", Utf8(manifest)))), StringComparison.Ordinal);

    [Fact]
    public async Task A_changed_block_list_is_found()
    {
        await Sample.TwoVolumesAsync(directory, directory["out.ova"]);
        Flip(directory["out.ova"], (await ReadAsync(directory["out.ova"])).Volumes[0].BlockList!.Offset);

        Assert.Contains("'vol-boot.blocks' differs from the manifest", await RefusedAsync(directory["out.ova"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Descriptor_and_archive_must_agree()
    {
        var descriptor = ("x.ovf", PowerVcs.With());
        var disk = ("aixdb_boot", new byte[10]);
        const string sized = "<ovf:File ovf:href='aixdb_boot' ovf:id='file1' ovf:size='11'/>";

        Assert.Contains("no descriptor", await RefusedAsync(Archive(disk)), StringComparison.Ordinal);
        Assert.Contains("2 members that end in .ovf", await RefusedAsync(Archive(descriptor, disk, ("y.OVF", []))), StringComparison.Ordinal);
        Assert.Contains("2 members that end in .mf", await RefusedAsync(Archive(descriptor, disk, ("y.mf", []), ("z.mf", []))), StringComparison.Ordinal);
        Assert.Contains("'aixdb_boot' is not in the archive", await RefusedAsync(Archive(descriptor)), StringComparison.Ordinal);
        Assert.Contains("has 11 bytes; the member has 10", await RefusedAsync(Archive(("x.ovf", PowerVcs.With(file: sized)), disk)), StringComparison.Ordinal);
        Assert.Contains("more than its disk's capacity of 9", await RefusedAsync(Archive(("x.ovf", PowerVcs.With(capacity: "9")), disk)), StringComparison.Ordinal);
        Assert.Contains("At most 4194304", await RefusedAsync(Archive(("x.ovf", new byte[(4 << 20) + 1]), disk)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_or_truncated_gzip_leaves_no_scratch()
    {
        var gzip = Gzip(RawTar.Of(("x.ovf", PowerVcs.With()), ("aixdb_boot", Random.Shared.NextBytes(100_000))).End());
        await File.WriteAllBytesAsync(directory["cut.ova"], gzip[..^5]);
        gzip[50_000] ^= 1;
        await File.WriteAllBytesAsync(directory["flipped.ova"], gzip);

        Assert.Contains("gzip around the archive is damaged", await RefusedAsync(directory["cut.ova"]), StringComparison.Ordinal);
        Assert.Contains("gzip around the archive is damaged", await RefusedAsync(directory["flipped.ova"]), StringComparison.Ordinal);
        Assert.Equal(["cut.ova", "flipped.ova"], directory.Names);
    }

    [Fact]
    public async Task A_decompression_bomb_around_the_archive_is_stopped_by_size_and_by_ratio()
    {
        Tool.Run("sh", "-c", $"head -c 600M /dev/zero | tr '\\0' 'A' | pigz -1 > '{directory["bomb.ova"]}'");

        var bySize = await RefusedAsync(directory["bomb.ova"], Sample.Options(directory) with { MaxInflatedBytes = 10 << 20 });
        var byRatio = await RefusedAsync(directory["bomb.ova"], Sample.Options(directory) with { MaxInflationRatio = 50 });

        Assert.Contains("more than 10485760 bytes", bySize, StringComparison.Ordinal);
        Assert.Contains("more than 50 times", byRatio, StringComparison.Ordinal);
        Assert.Equal(["bomb.ova"], directory.Names);
    }

    [Fact]
    public async Task An_archive_that_does_not_fit_on_the_disk_is_not_unpacked()
    {
        await File.WriteAllBytesAsync(directory["x.ova"], Gzip(new byte[1000]));

        var failure = await Assert.ThrowsAsync<IOException>(() => OvaReader.ReadAsync(
            directory["x.ova"], Sample.Options(directory) with { FreeSpaceReserve = 1L << 50 }, Sample.NoProgress, CancellationToken.None));

        Assert.Contains("bytes free", failure.Message, StringComparison.Ordinal);
        Assert.Equal(["x.ova"], directory.Names);
    }

    [Fact]
    public async Task The_verifier_names_the_first_damaged_member()
    {
        await Sample.TwoVolumesAsync(directory, directory["out.ova"]);
        var whole = await VerifyAsync();
        var stored = (await ReadAsync(directory["out.ova"])).Volumes[1].Stored;
        Flip(directory["out.ova"], stored.Offset + 4000);

        var broken = await VerifyAsync();

        Assert.Equal((true, 5, null), (whole.HasManifest, whole.MembersChecked, whole.Mismatch));
        Assert.Equal("vol-data", broken.Mismatch!.Member);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Bytes(stored))), broken.Mismatch.Found.Hex);
        Assert.NotEqual(broken.Mismatch.Expected.Hex, broken.Mismatch.Found.Hex);

        Task<OvaVerification> VerifyAsync() => OvaVerifier.VerifyAsync(directory["out.ova"], Sample.Options(directory), Sample.NoProgress, CancellationToken.None);
    }

    [Fact]
    public async Task The_verifier_leaves_no_scratch_and_reports_a_missing_manifest()
    {
        await File.WriteAllBytesAsync(directory["x.ova"], Gzip(RawTar.Of(("x.ovf", PowerVcs.With()), ("aixdb_boot", new byte[10])).End()));

        var result = await OvaVerifier.VerifyAsync(directory["x.ova"], Sample.Options(directory), Sample.NoProgress, CancellationToken.None);

        Assert.Equal((false, 0, 0L, null), (result.HasManifest, result.MembersChecked, result.BytesChecked, result.Mismatch));
        Assert.Equal(["x.ova"], directory.Names);
    }

    private Task<OvaArchive> ReadAsync(string path) => OvaReader.ReadAsync(path, Sample.Options(directory), Sample.NoProgress, CancellationToken.None);

    private async Task<string> RefusedAsync(string path, OvaReaderOptions? options = null) =>
        (await Assert.ThrowsAsync<InvalidOvaException>(
            () => OvaReader.ReadAsync(path, options ?? Sample.Options(directory), Sample.NoProgress, CancellationToken.None))).Message;

    private string Archive(params (string Name, byte[] Bytes)[] members)
    {
        var path = directory[$"{Guid.NewGuid():N}.ova"];
        File.WriteAllBytes(path, RawTar.Of(members).End());
        return path;
    }

    private static byte[] Bytes(FileRegion region)
    {
        using var file = File.OpenHandle(region.Path);
        var bytes = new byte[region.Length];
        Assert.Equal(bytes.Length, RandomAccess.Read(file, bytes, region.Offset));
        return bytes;
    }

    private static void Flip(string path, long offset)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite);
        var one = new byte[1];
        Assert.Equal(1, RandomAccess.Read(file, one, offset));
        one[0] ^= 4;
        RandomAccess.Write(file, one, offset);
    }

    private static byte[] Gzip(byte[] bytes)
    {
        using var buffer = new MemoryStream();
        using (var gzip = new GZipStream(buffer, CompressionLevel.Fastest))
        {
            gzip.Write(bytes);
        }

        return buffer.ToArray();
    }

    private static string Hash(string algorithm, byte[] bytes) =>
        Convert.ToHexStringLower(CryptographicOperations.HashData(new HashAlgorithmName(algorithm), bytes));

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
