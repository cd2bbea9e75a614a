using System.Security.Cryptography;
using ImageBackup.Disks;
using ImageBackup.Ova.Archive;
using ImageBackup.Ova.Blocks;
using ImageBackup.Ova.Descriptor;
using ImageBackup.Ova.Tests.IO;

namespace ImageBackup.Ova.Tests.Archive;

/// <summary>Volumes, descriptors and archives for tests.</summary>
internal static class Sample
{
    public static readonly DateTimeOffset Time = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    public static ValueTask NoProgress(long bytesDone, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public static OvaReaderOptions Options(TempDirectory directory) => new() { ScratchDirectory = directory.Path };

    public static OvfVolume Volume(string href, long capacity, bool boot = false, bool gzip = false) =>
        new() { Href = href, Name = href + " shown", Capacity = capacity, Compression = gzip ? DiskFormat.Gzip : null, Boot = boot };

    public static OvfDescriptor Descriptor(params OvfVolume[] volumes) => new()
    {
        Name = "dummycoreos",
        Description = "An image <with> \"odd\" characters & two lines\nin its description",
        OsType = "coreos",
        Architecture = "ppc64le",
        Volumes = volumes,
    };

    /// <summary>A member's files as <see cref="VolumePacker"/> writes them, of any bytes.</summary>
    public static PackedFile File(TempDirectory directory, string name, byte[] bytes, byte[]? list = null)
    {
        System.IO.File.WriteAllBytes(directory[name], bytes);
        System.IO.File.WriteAllBytes(directory[name + ".blocks"], list ?? [1]);
        return new PackedFile(directory[name], new PackedVolume
        {
            VolumeSize = bytes.Length,
            StoredSize = bytes.Length,
            StoredSha256 = Convert.ToHexStringLower(SHA256.HashData(bytes)),
            VolumeDigest = "",
            BlockListSize = (list ?? [1]).Length,
            BlockListSha256 = Convert.ToHexStringLower(SHA256.HashData(list ?? [1])),
        });
    }

    /// <summary>Packs a volume into files of its own.</summary>
    public static async Task<PackedFile> PackAsync(string volume, string member, OvaCompression compression)
        => new(member, await VolumePacker.PackAsync(volume, member, member + ".blocks", compression, new DataPathOptions(), NoProgress, CancellationToken.None));

    /// <summary>Writes an archive of packed files, in the descriptor's order.</summary>
    public static async Task<WrittenOva> WriteAsync(string path, OvfDescriptor descriptor, params PackedFile[] files)
    {
        var writer = new OvaWriter(path, descriptor, Time);
        List<PackedVolume> written = [];
        foreach (var file in files)
        {
            written.Add(await writer.CopyAsync(written, file.Packed, file.Path, file.Path + ".blocks", CancellationToken.None));
        }

        return await writer.FinishAsync(written, NoProgress, CancellationToken.None);
    }

    public static Task<RestoredVolume> RestoreAsync(OvaVolumeMember volume, string target) => VolumeRestorer.RestoreAsync(
        volume.Stored, volume.Encoding, Expectation(volume), target, new DataPathOptions { ScratchDirectory = Path.GetDirectoryName(target) }, NoProgress, CancellationToken.None);

    public static Task<RestoredVolume> VerifyAsync(OvaVolumeMember volume, TempDirectory scratch) => VolumeVerifier.VerifyAsync(
        volume.Stored, volume.Encoding, Expectation(volume), new DataPathOptions { Workers = 1, MemoryBytes = 4 << 20, ScratchDirectory = scratch.Path }, NoProgress, CancellationToken.None);

    /// <summary>An archive of two raw volumes.</summary>
    public static Task<WrittenOva> TwoVolumesAsync(TempDirectory directory, string path) => WriteAsync(
        path,
        Descriptor(Volume("vol-boot", 70_000, boot: true), Volume("vol-data", 1 << 20)),
        File(directory, "vol-boot", Random.Shared.NextBytes(70_000), Random.Shared.NextBytes(100)),
        File(directory, "vol-data", Random.Shared.NextBytes(5_000), Random.Shared.NextBytes(200)));

    public static byte[] NextBytes(this Random random, int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }

    private static RestoreExpectation Expectation(OvaVolumeMember volume) => new()
    {
        Name = volume.Volume.Href,
        Capacity = volume.Volume.Capacity,
        Stored = volume.Expected,
        Format = volume.Volume.Format,
        BlockList = volume.BlockList,
    };
}

/// <summary>A packed volume in a file of its own, with its block list beside it.</summary>
internal sealed record PackedFile(string Path, PackedVolume Packed);
