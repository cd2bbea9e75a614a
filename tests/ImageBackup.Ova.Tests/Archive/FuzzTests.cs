using System.Diagnostics;
using System.Text;
using ImageBackup.Ova.Archive;
using ImageBackup.Ova.Descriptor;
using ImageBackup.Ova.Tar;
using ImageBackup.Ova.Tests.Descriptor;
using ImageBackup.Ova.Tests.IO;
using ImageBackup.Ova.Tests.Tar;
using ImageBackup.TestSupport;

namespace ImageBackup.Ova.Tests.Archive;

/// <summary>
/// Mutated archives and descriptors are read or refused, soon and with little memory; nothing else happens. <c>IMAGEBACKUP_FUZZ_SEED</c> repeats a run,
/// <c>IMAGEBACKUP_FUZZ_COUNT</c> makes it longer. The tests run alone, since they count what the process allocates.
/// </summary>
[CollectionDefinition(nameof(FuzzTests), DisableParallelization = true)]
[Collection(nameof(FuzzTests))]
public sealed class FuzzTests(ITestOutputHelper output) : IDisposable
{
    private const long MaxMemory = 64 << 20;

    private readonly TempDirectory directory = new();

    private static int Seed => int.TryParse(Environment.GetEnvironmentVariable("IMAGEBACKUP_FUZZ_SEED"), out var seed) ? seed : 20260102;

    private static int Count => int.TryParse(Environment.GetEnvironmentVariable("IMAGEBACKUP_FUZZ_COUNT"), out var count) ? count : 1500;

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task Mutated_archives_are_read_or_refused()
    {
        await Sample.TwoVolumesAsync(directory, directory["out.ova"]);
        var whole = await File.ReadAllBytesAsync(directory["out.ova"]);
        byte[][] seeds =
        [
            whole[..(16 << 10)],
            RawTar.Of(("x.ovf", PowerVcs.With()), ("aixdb_boot", [1])).End(),
            RawTar.Of(("x.ovf", PowerVcs.Two(null, null)), ("x.meta", "vol1-file = one\nvol1-type = boot\n"u8.ToArray()), ("one", [1]), ("two", [])).End(),
            new RawTar().Add("p", RawTar.Pax("path", "x.ovf"), 'x').Add("y", PowerVcs.With()).Add("l", "aixdb_boot\0"u8.ToArray(), 'L').Add("z", [1]).End(),
        ];
        await RunAsync(seeds, async bytes =>
        {
            Write(bytes);
            var archive = await OvaReader.ReadAsync(
                directory["x.ova"], Sample.Options(directory) with { MaxInflatedBytes = 1 << 20 }, Sample.NoProgress, CancellationToken.None);
            Assert.All(
                archive.Volumes.Where(volume => volume.Stored.SparseEntry is null),
                volume => Assert.InRange(volume.Stored.Offset + volume.Stored.Length, 0, new FileInfo(archive.Path).Length));
        });
        Assert.DoesNotContain(directory.Names, name => name.EndsWith(".tar", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("xz")]
    [InlineData("zstd")]
    public async Task Mutated_compression_around_an_archive_is_read_or_refused_and_leaves_no_scratch(string program)
    {
        await File.WriteAllBytesAsync(directory["seed"], RawTar.Of(("x.ovf", PowerVcs.With()), ("aixdb_boot", [1])).End());
        Tool.Run("sh", "-c", $"{program} -c '{directory["seed"]}' > '{directory["packed"]}'");
        var packed = await File.ReadAllBytesAsync(directory["packed"]);
        File.Delete(directory["seed"]);
        File.Delete(directory["packed"]);

        await RunAsync([packed], async bytes =>
        {
            Write(bytes);
            var archive = await OvaReader.ReadAsync(
                directory["x.ova"], Sample.Options(directory) with { MaxInflatedBytes = 1 << 20 }, Sample.NoProgress, CancellationToken.None);
            if (archive.ScratchFile is { } scratch)
            {
                File.Delete(scratch);
            }
        });
        Assert.Equal(["x.ova"], directory.Names);
    }

    [Fact]
    public async Task Mutated_disks_in_members_are_read_or_refused_and_leave_no_scratch()
    {
        const int capacity = 1 << 16;
        await File.WriteAllBytesAsync(directory["disk"], [.. new byte[capacity / 2], .. new Random(1).NextBytes(capacity / 2)]);
        var seeds = new[] { "qcow2 -o cluster_size=512", "qcow2 -o cluster_size=4k -c", "vmdk -o subformat=streamOptimized", "vpc -o subformat=dynamic,force_size=on" }.SelectMany(format =>
        {
            Tool.Run("sh", "-c", $"cd '{directory.Path}' && qemu-img convert -f raw -O {format} disk image && gzip -kf image && xz -kf image");
            return new[] { "image", "image.gz", "image.xz" }.Select(name => File.ReadAllBytes(directory[name])).ToArray();
        }).ToArray();

        await RunAsync(seeds, async bytes =>
        {
            Write(RawTar.Of(("x.ovf", PowerVcs.With(capacity: $"{capacity}")), ("aixdb_boot", bytes)).End());
            var archive = await OvaReader.ReadAsync(directory["x.ova"], Sample.Options(directory), Sample.NoProgress, CancellationToken.None);
            var restored = await Sample.VerifyAsync(archive.Volumes[0], directory);
            Assert.InRange(restored.VolumeSize, 0, capacity);
        });
        Assert.DoesNotContain(directory.Names, name => name.StartsWith("unpacked-", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Mutated_sparse_members_are_read_or_refused()
    {
        using (var file = File.OpenHandle(directory["disk"], FileMode.Create, FileAccess.Write))
        {
            RandomAccess.SetLength(file, 1 << 20);
            for (var i = 1; i < 30; i++)
            {
                RandomAccess.Write(file, [(byte)i], i * 32_768);
            }
        }

        var seeds = new[] { "tar --format=gnu -S", "tar --format=posix -S --sparse-version=0.0", "tar --format=posix -S --sparse-version=0.1", "tar --format=posix -S", "bsdtar --format=pax" }
            .Select(program =>
            {
                Tool.Run("sh", "-c", $"cd '{directory.Path}' && {program} -cf seed disk");
                return File.ReadAllBytes(directory["seed"])[..(12 << 10)];
            }).ToArray();

        await RunAsync(seeds, bytes =>
        {
            // The data is cut off the seeds, so that most mutations hit headers and maps. Its length must fit, or every case would be refused.
            Write([.. bytes, .. new byte[(256 << 10) - (bytes.Length % 512)]]);
            ReadSparse(directory["x.ova"]);
            return Task.CompletedTask;
        });
    }

    [Fact]
    public async Task Mutated_manifests_are_read_or_refused() => await RunAsync(
        [Encoding.UTF8.GetBytes($"SHA256(x.ovf)= {new string('a', 64)}\r\nSHA1 (./disk) = {new string('b', 40)}\nSHA2-512(d/e)= {new string('C', 128)}\n")],
        bytes =>
        {
            Assert.All(OvaManifest.Parse(bytes, "x.mf").Digests.Keys, name => Assert.Null(MemberName.Problem(name)));
            return Task.CompletedTask;
        });

    [Fact]
    public async Task Mutated_descriptors_are_read_or_refused() =>
        await RunAsync(
            [Encoding.UTF8.GetBytes(PowerVcs.Unprefixed), PowerVcs.With(), PowerVcs.Two("True", null), OvfDescriptorWriter.Write(Sample.Descriptor(Sample.Volume("v", 1)))],
            bytes =>
            {
                var read = OvfDescriptorReader.Read(bytes, "x.ovf", null, Sample.Options(directory));
                Assert.All(read.Volumes, volume => Assert.InRange(volume.Capacity, 0, 64L << 40));
                Assert.All(read.Volumes, volume => Assert.Null(MemberName.Problem(volume.Href)));
                return Task.CompletedTask;
            });

    /// <summary>Writes a new file: ext4 writes a file to disk at once when it replaces the contents of an old one.</summary>
    private void Write(byte[] bytes)
    {
        File.Delete(directory["x.ova"]);
        File.WriteAllBytes(directory["x.ova"], bytes);
    }

    /// <summary>Lists the members, and reads the beginning and the end of each.</summary>
    private static void ReadSparse(string path)
    {
        using var file = File.OpenHandle(path);
        foreach (var member in new TarReader(file, 1024).ReadMembers(CancellationToken.None))
        {
            using var source = MemberSource.Open(new FileRegion(path, member.Offset, member.Size, member.SparseEntry));
            var piece = new byte[Math.Min(source.Length, 1 << 20)];
            source.Read(piece, 0);
            source.Read(piece, source.Length - piece.Length);
            Assert.InRange(source.NextData(0), 0, source.Length);
        }
    }

    private async Task RunAsync(byte[][] seeds, Func<byte[], Task> read)
    {
        var random = new Random(Seed);
        var refused = 0;
        for (var i = 0; i < Count; i++)
        {
            var bytes = Mutation.Of(seeds[random.Next(seeds.Length)], random);
            var watch = Stopwatch.StartNew();
            var allocated = GC.GetTotalAllocatedBytes();
            try
            {
                await read(bytes);
            }
            catch (InvalidOvaException)
            {
                refused++;
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException($"Seed {Seed}, case {i}: {Convert.ToBase64String(bytes)}", failure);
            }

            allocated = GC.GetTotalAllocatedBytes() - allocated;
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), $"Seed {Seed}, case {i} took {watch.Elapsed}.");
            Assert.True(allocated < MaxMemory, $"Seed {Seed}, case {i} allocated {allocated} bytes.");
        }

        output.WriteLine($"Seed {Seed}: {Count} cases, {refused} refused.");
        Assert.InRange(refused, 1, Count - 1);
    }
}
