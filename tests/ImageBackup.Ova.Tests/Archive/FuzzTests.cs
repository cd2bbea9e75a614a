using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using ImageBackup.Ova.Archive;
using ImageBackup.Ova.Descriptor;
using ImageBackup.Ova.Tar;
using ImageBackup.Ova.Tests.Descriptor;
using ImageBackup.Ova.Tests.IO;
using ImageBackup.Ova.Tests.Tar;
using ImageBackup.TestSupport;

namespace ImageBackup.Ova.Tests.Archive;

/// <summary>Mutated archives and descriptors are read or refused, nothing else. <c>IMAGEBACKUP_FUZZ_SEED</c> repeats a run, <c>IMAGEBACKUP_FUZZ_COUNT</c> makes it longer.</summary>
public sealed class FuzzTests(ITestOutputHelper output) : IDisposable
{
    private static readonly byte[][] Words =
    [
        .. new[] { "../", "/", "\0", "\n", "ovf:", "<", ">", "&", "'", "9223372036854775807", "-1", "byte * 2^62", "SHA256(", ")= ", "99 path=", "<!DOCTYPE x>", "True" }
            .Select(Encoding.UTF8.GetBytes),
        [0xff, 0xff, 0xff, 0xff], [0x80, 0, 0, 0], [0x1f, 0x8b, 8, 0],
    ];

    private readonly TempDirectory directory = new();

    private static int Seed => int.TryParse(Environment.GetEnvironmentVariable("IMAGEBACKUP_FUZZ_SEED"), out var seed) ? seed : 20260102;

    private static int Count => int.TryParse(Environment.GetEnvironmentVariable("IMAGEBACKUP_FUZZ_COUNT"), out var count) ? count : 3000;

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
            await File.WriteAllBytesAsync(directory["x.ova"], bytes);
            var archive = await OvaReader.ReadAsync(
                directory["x.ova"], Sample.Options(directory) with { MaxInflatedBytes = 1 << 20 }, Sample.NoProgress, CancellationToken.None);
            Assert.All(
                archive.Volumes.Where(volume => volume.Stored.SparseEntry is null),
                volume => Assert.InRange(volume.Stored.Offset + volume.Stored.Length, 0, new FileInfo(archive.Path).Length));
        });
        Assert.DoesNotContain(directory.Names, name => name.EndsWith(".tar", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Mutated_gzips_around_an_archive_are_read_or_refused_and_leave_no_scratch()
    {
        using var buffer = new MemoryStream();
        await using (var gzip = new GZipStream(buffer, CompressionLevel.Optimal, leaveOpen: true))
        {
            await gzip.WriteAsync(RawTar.Of(("x.ovf", PowerVcs.With()), ("aixdb_boot", [1])).End());
        }

        await RunAsync([buffer.ToArray()], async bytes =>
        {
            await File.WriteAllBytesAsync(directory["x.ova"], bytes);
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
    public async Task Mutated_sparse_members_are_read_or_refused_within_64_MiB()
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
            File.WriteAllBytes(directory["x.ova"], [.. bytes, .. new byte[(256 << 10) - (bytes.Length % 512)]]);
            var before = GC.GetAllocatedBytesForCurrentThread();
            ReadSparse(directory["x.ova"]);
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64 << 20);
            return Task.CompletedTask;
        });
    }

    [Fact]
    public async Task Mutated_manifests_are_read_or_refused() => await RunAsync(
        [Encoding.UTF8.GetBytes($"SHA256(x.ovf)= {new string('a', 64)}\r\nSHA1 (./disk) = {new string('b', 40)}\nSHA2-512(d/e)= {new string('C', 128)}\n")],
        bytes =>
        {
            Assert.All(OvaManifest.Parse(Encoding.UTF8.GetString(bytes), "x.mf").Digests.Keys, name => Assert.Null(MemberName.Problem(name)));
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
            var bytes = Mutate(seeds[random.Next(seeds.Length)], random);
            var watch = Stopwatch.StartNew();
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

            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), $"Seed {Seed}, case {i} took {watch.Elapsed}.");
        }

        output.WriteLine($"Seed {Seed}: {Count} cases, {refused} refused.");
        Assert.InRange(refused, 1, Count - 1);
    }

    private static byte[] Mutate(byte[] seed, Random random)
    {
        List<byte> bytes = [.. seed];
        for (var i = random.Next(1, 5); i > 0 && bytes.Count > 0; i--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(5))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2:
                    bytes.RemoveRange(at, Math.Min(random.Next(1, 600), bytes.Count - at));
                    break;
                case 3:
                    bytes.InsertRange(at, Words[random.Next(Words.Length)]);
                    break;
                default:
                    var word = Words[random.Next(Words.Length)];
                    for (var j = 0; j < word.Length && at + j < bytes.Count; j++)
                    {
                        bytes[at + j] = word[j];
                    }

                    break;
            }
        }

        // Half of the cases get right checksums, so that the mutation passes the first check.
        var result = bytes.ToArray();
        if (random.Next(2) == 0)
        {
            FixChecksums(result);
        }

        return result;
    }

    private static void FixChecksums(byte[] bytes)
    {
        for (var offset = 0; offset + 512 <= bytes.Length; offset += 512)
        {
            var header = bytes.AsSpan(offset, 512);
            if (!header.Slice(257, 5).SequenceEqual("ustar"u8))
            {
                continue;
            }

            header.Slice(148, 8).Fill((byte)' ');
            var sum = 0;
            foreach (var value in header)
            {
                sum += value;
            }

            Encoding.ASCII.GetBytes(Convert.ToString(sum, 8).PadLeft(6, '0') + "\0 ", header.Slice(148, 8));
        }
    }
}
