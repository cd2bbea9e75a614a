using System.Text;
using ImageBackup.Ova.Archive;
using ImageBackup.Ova.Tests.Descriptor;
using ImageBackup.Ova.Tests.IO;
using ImageBackup.TestSupport;

namespace ImageBackup.Ova.Tests.Archive;

/// <summary>Archives as GNU tar, bsdtar, gzip, xz and zstd make them: sparse members, folders, compression around the archive.</summary>
public sealed class ContainerTests : IDisposable
{
    private const long Length = (64 << 20) + 777;

    private readonly TempDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Theory]
    [InlineData("tar", "--format=gnu -S")]
    [InlineData("tar", "--format=oldgnu -S")]
    [InlineData("tar", "--format=posix -S --sparse-version=0.0")]
    [InlineData("tar", "--format=posix -S --sparse-version=0.1")]
    [InlineData("tar", "--format=posix -S --sparse-version=1.0")]
    [InlineData("bsdtar", "--format=pax")]
    public async Task A_sparse_member_is_restored_with_its_holes(string program, string options)
    {
        var disk = Sparse("disk", Length, pieces: 300);
        await MembersAsync();

        Tool.Run("sh", "-c", $"cd '{directory.Path}' && {program} {options} -cf x.ova x.ovf x.mf disk");
        var archive = await ReadAsync();
        await Sample.RestoreAsync(archive.Volumes[0], directory["restored"]);
        var verified = await OvaVerifier.VerifyAsync(directory["x.ova"], Sample.Options(directory), Sample.NoProgress, CancellationToken.None);

        Assert.NotNull(archive.Volumes[0].Stored.SparseEntry);
        Assert.InRange(new FileInfo(directory["x.ova"]).Length, 1, 4 << 20);
        Assert.Equal("", Tool.Run("cmp", disk, directory["restored"]));
        Assert.InRange(Allocated("restored"), 1, 24 << 20);
        Assert.Equal((2, null), (verified.MembersChecked, verified.Mismatch));
    }

    [Theory]
    [InlineData("--format=gnu")]
    [InlineData("--format=posix")]
    public async Task A_change_in_a_sparse_member_is_found_by_the_manifest(string format)
    {
        Sparse("disk", Length, pieces: 10);
        await MembersAsync();
        using (var file = File.OpenHandle(directory["disk"], FileMode.Open, FileAccess.Write))
        {
            RandomAccess.Write(file, [1, 2, 3], Length - 3);
        }

        Tool.Run("tar", "-C", directory.Path, format, "-S", "-cf", directory["x.ova"], "x.ovf", "x.mf", "disk");
        var archive = await ReadAsync();

        var refusal = await Assert.ThrowsAsync<InvalidOvaException>(() => Sample.RestoreAsync(archive.Volumes[0], directory["restored"]));
        Assert.Contains("SHA-256 of the stored member differs", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_disk_without_data_and_one_of_data_alone_are_restored(int pieces)
    {
        var disk = pieces == 0 ? Sparse("disk", Length, 0) : directory["disk"];
        if (pieces == 1)
        {
            await File.WriteAllBytesAsync(disk, Random.Shared.NextBytes(100_000));
        }

        await MembersAsync(new FileInfo(disk).Length);

        Tool.Run("tar", "-C", directory.Path, "-S", "-cf", directory["x.ova"], "x.ovf", "x.mf", "disk");
        await Sample.RestoreAsync((await ReadAsync()).Volumes[0], directory["restored"]);

        Assert.Equal("", Tool.Run("cmp", disk, directory["restored"]));
    }

    [Theory]
    [InlineData(OvaCompression.None)]
    [InlineData(OvaCompression.Fast)]
    public async Task An_archive_of_our_own_that_GNU_tar_packed_again_is_read_with_its_block_lists(OvaCompression compression)
    {
        var disk = Sparse("disk", Length, pieces: 30);
        var packed = await Sample.PackAsync(disk, directory["vol"], compression);
        await Sample.WriteAsync(
            directory["ours.ova"],
            Sample.Descriptor(Sample.Volume("vol", Length, boot: true, gzip: compression != OvaCompression.None)),
            packed);

        Tool.Run("sh", "-c", $"cd '{directory.Path}' && mkdir again && tar -xf ours.ova -C again && for f in again/*; do fallocate -d $f; done && tar -C again -Scf x.ova .");
        var archive = await ReadAsync();
        await Sample.RestoreAsync(archive.Volumes[0], directory["restored"]);

        Assert.NotNull(archive.Volumes[0].BlockList);
        Assert.Equal("", Tool.Run("cmp", disk, directory["restored"]));
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("xz")]
    [InlineData("xz -T2 --block-size=500000")]
    [InlineData("zstd")]
    public async Task An_archive_that_is_compressed_as_a_whole_is_unpacked(string program)
    {
        var disk = Sparse("disk", 8 << 20, pieces: 30);
        await MembersAsync(8 << 20);

        Tool.Run("sh", "-c", $"cd '{directory.Path}' && tar -S -cf - x.ovf x.mf disk | {program} -c > x.ova");
        var archive = await ReadAsync();
        await Sample.RestoreAsync(archive.Volumes[0], directory["restored"]);
        var stored = await File.ReadAllBytesAsync(directory["x.ova"]);
        await File.WriteAllBytesAsync(directory["x.ova"], stored[..^10]);
        File.Delete(archive.ScratchFile!);

        Assert.Equal("", Tool.Run("cmp", disk, directory["restored"]));
        Assert.Contains("around the archive", (await Assert.ThrowsAsync<InvalidOvaException>(ReadAsync)).Message, StringComparison.Ordinal);
        Assert.DoesNotContain(directory.Names, name => name.StartsWith("inflated-", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("bzip2 -c x.ovf", "The file is bzip2, not an OVA")]
    [InlineData("zip -q - x.ovf", "The file is zip, not an OVA")]
    [InlineData("zip -q - x.ovf | gzip -c", "The gzip file contains zip, not an OVA")]
    [InlineData("bzip2 -c x.ovf | xz -c", "The xz file contains bzip2, not an OVA")]
    public async Task A_file_of_another_format_is_refused_by_name_and_not_called_damaged(string command, string reason)
    {
        await MembersAsync();
        Tool.Run("sh", "-c", $"cd '{directory.Path}' && {command} > x.ova");

        var refusal = await Assert.ThrowsAsync<InvalidOvaException>(ReadAsync);

        Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
        Assert.True(refusal.IsUnsupported);
        Assert.DoesNotContain("damaged", refusal.Message, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(directory.Names, name => name.StartsWith("inflated-", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("tar -cf ../x.ova .")]
    [InlineData("tar -cf ../x.ova ./x.ovf ./disk ./x.mf")]
    [InlineData("cd .. && tar -cf x.ova folder")]
    [InlineData("bsdtar -cf ../x.ova .")]
    public async Task Members_may_be_in_a_folder(string command)
    {
        Directory.CreateDirectory(directory["folder"]);
        var content = Random.Shared.NextBytes(5000);
        await File.WriteAllBytesAsync(directory["disk"], content);
        await MembersAsync(content.Length);
        Tool.Run("sh", "-c", $"cd '{directory.Path}' && mv disk x.ovf x.mf folder && touch folder/._x.ovf folder/._disk && cd folder && {command}");

        var archive = await ReadAsync();
        await Sample.RestoreAsync(archive.Volumes[0], directory["restored"]);

        Assert.True(archive.HasManifest);
        Assert.Equal(content, await File.ReadAllBytesAsync(directory["restored"]));
    }

    private Task<OvaArchive> ReadAsync() => OvaReader.ReadAsync(directory["x.ova"], Sample.Options(directory), Sample.NoProgress, CancellationToken.None);

    private long Allocated(string name) => long.Parse(Tool.Run("stat", "-c", "%b", directory[name])) * 512;

    /// <summary>Writes the descriptor and the manifest of the file <c>disk</c>.</summary>
    private async Task MembersAsync(long length = Length)
    {
        await File.WriteAllBytesAsync(
            directory["x.ovf"],
            PowerVcs.With(file: $"<ovf:File ovf:href='disk' ovf:id='file1' ovf:size='{length}'/>", capacity: $"{length}"));
        if (File.Exists(directory["disk"]))
        {
            var digests = Tool.Run("sh", "-c", $"cd '{directory.Path}' && sha256sum x.ovf disk").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split("  "));
            await File.WriteAllTextAsync(directory["x.mf"], string.Concat(digests.Select(line => $"SHA256(./{line[1]})= {line[0]}\n")), new UTF8Encoding(true));
        }
    }

    /// <summary>Writes pieces of noise between holes, with holes at both ends.</summary>
    private string Sparse(string name, long length, int pieces)
    {
        using var file = File.OpenHandle(directory[name], FileMode.Create, FileAccess.Write);
        RandomAccess.SetLength(file, length);
        for (var i = 1; i <= pieces; i++)
        {
            RandomAccess.Write(file, Random.Shared.NextBytes(5000), i * (length / (pieces + 2)));
        }

        return directory[name];
    }
}
