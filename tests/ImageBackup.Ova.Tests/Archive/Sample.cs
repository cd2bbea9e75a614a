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

    public static OvaMember Member(TempDirectory directory, string name, byte[] bytes, bool align = false)
    {
        File.WriteAllBytes(directory[name], bytes);
        return new OvaMember
        {
            Name = name,
            FilePath = directory[name],
            Size = bytes.Length,
            Sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes)),
            AlignData = align,
        };
    }

    public static Task<WrittenOva> WriteAsync(string path, OvfDescriptor descriptor, params OvaMember[] members) =>
        new OvaWriter(new FixedTime()).WriteAsync(path, descriptor, members, NoProgress, CancellationToken.None);

    public static Task<RestoredVolume> RestoreAsync(OvaVolumeMember volume, string target) => VolumeRestorer.RestoreAsync(
        volume.Stored, volume.Encoding, Expectation(volume), target, new DataPathOptions { ScratchDirectory = Path.GetDirectoryName(target) }, NoProgress, CancellationToken.None);

    public static Task<RestoredVolume> VerifyAsync(OvaVolumeMember volume, TempDirectory scratch) => VolumeVerifier.VerifyAsync(
        volume.Stored, volume.Encoding, Expectation(volume), new DataPathOptions { Workers = 1, MemoryBytes = 4 << 20, ScratchDirectory = scratch.Path }, NoProgress, CancellationToken.None);

    /// <summary>An archive of two raw volumes, the first with a block list.</summary>
    public static async Task<WrittenOva> TwoVolumesAsync(TempDirectory directory, string path)
    {
        var boot = Member(directory, "vol-boot", Random.Shared.NextBytes(70_000), align: true);
        var data = Member(directory, "vol-data", Random.Shared.NextBytes(5_000), align: true);
        var list = Member(directory, "vol-boot.blocks", Random.Shared.NextBytes(100));
        return await WriteAsync(path, Descriptor(Volume("vol-boot", 70_000, boot: true), Volume("vol-data", 1 << 20)), boot, data, list);
    }

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

    private sealed class FixedTime : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Time;
    }
}
