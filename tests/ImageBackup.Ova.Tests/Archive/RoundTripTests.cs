using System.Security.Cryptography;
using ImageBackup.Ova.Archive;
using ImageBackup.Ova.Blocks;
using ImageBackup.Ova.Descriptor;
using ImageBackup.Ova.Tests.IO;
using ImageBackup.TestSupport;

namespace ImageBackup.Ova.Tests.Archive;

/// <summary>Packs, writes, reads and restores volumes. GNU tar and gzip read the archive, too.</summary>
public sealed class RoundTripTests : IDisposable
{
    private static readonly long[] Sizes = [0, 1, 3 << 20, (5 << 20) + 777];

    private readonly TempDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Theory]
    [InlineData(OvaCompression.None)]
    [InlineData(OvaCompression.Gzip)]
    [InlineData(OvaCompression.Fast)]
    public async Task Volumes_are_restored_byte_for_byte(OvaCompression compression)
    {
        List<PackedFile> members = [];
        List<OvfVolume> volumes = [];
        foreach (var (size, index) in Sizes.Select((size, index) => (size, index)))
        {
            var href = $"vol-{index}";
            WriteVolume(directory[$"raw-{index}"], size);
            members.Add(await Sample.PackAsync(directory[$"raw-{index}"], directory[href], compression));
            volumes.Add(Sample.Volume(href, size, boot: index == 0, gzip: compression != OvaCompression.None));
        }

        await Sample.WriteAsync(directory["out.ova"], Sample.Descriptor([.. volumes]), [.. members]);

        var archive = await OvaReader.ReadAsync(directory["out.ova"], Sample.Options(directory), Sample.NoProgress, CancellationToken.None);
        var verified = await OvaVerifier.VerifyAsync(directory["out.ova"], Sample.Options(directory), Sample.NoProgress, CancellationToken.None);
        Assert.Null(verified.Mismatch);
        Assert.Equal(1 + (2 * Sizes.Length), verified.MembersChecked);
        foreach (var (volume, index) in archive.Volumes.Select((volume, index) => (volume, index)))
        {
            await Sample.RestoreAsync(volume, directory[$"restored-{index}"]);
            var gunzip = volume.Encoding is MemberEncoding.Gzip ? " | gzip -dc" : "";
            Tool.Run("sh", "-c", $"tar xOf '{directory["out.ova"]}' vol-{index}{gunzip} > '{directory[$"tar-{index}"]}'");
            var expected = Hash(directory[$"raw-{index}"]);
            Assert.Equal(expected, Hash(directory[$"restored-{index}"]));
            Assert.Equal(expected, Hash(directory[$"tar-{index}"]));
        }
    }

    /// <summary>Data at both ends and a hole between them.</summary>
    private static void WriteVolume(string path, long size)
    {
        using var file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write);
        RandomAccess.SetLength(file, size);
        var data = Random.Shared.NextBytes((int)Math.Min(size, 100_000));
        RandomAccess.Write(file, data, 0);
        RandomAccess.Write(file, data, size - data.Length);
    }

    private static string Hash(string path) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)));
}
