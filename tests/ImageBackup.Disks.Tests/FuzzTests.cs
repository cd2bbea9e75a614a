using System.Buffers.Binary;
using System.Diagnostics;
using System.IO.Compression;
using System.IO.Hashing;
using ImageBackup.Disks.Opening;
using ImageBackup.Disks.Tests.Support;
using ImageBackup.Disks.Vhdx;
using ImageBackup.Disks.Vmdk;

namespace ImageBackup.Disks.Tests;

/// <summary>
/// Mutated images are read or refused; nothing else happens, soon and with little memory. <c>IMAGEBACKUP_FUZZ_SEED</c> and <c>IMAGEBACKUP_FUZZ_COUNT</c> repeat a run or make
/// it longer.
/// </summary>
public sealed class FuzzTests(ITestOutputHelper output) : IDisposable
{
    private const long MaxMemory = 64 << 20;
    private const int MaxRead = 1 << 20;

    private static readonly byte[][] Words =
    [
        [0, 0, 0, 0], [0xff, 0xff, 0xff, 0xff], [0xff, 0xff, 0xff, 0xfe], [0x7f, 0xff, 0xff, 0xff], [0x80, 0, 0, 0], [0, 0, 0, 1], [1, 0, 0, 0],
        [0, 1, 0, 0], [0, 0, 1, 0], [0x10, 0, 0, 0], [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], [0, 0, 0, 0, 0, 0, 0, 0], "parentCID=0\n\""u8.ToArray(),
        "RW 1 FLAT \"a\""u8.ToArray(),
    ];

    private readonly Scratch scratch = new();

    private static int Seed => int.TryParse(Environment.GetEnvironmentVariable("IMAGEBACKUP_FUZZ_SEED"), out var seed) ? seed : 20260102;

    private static int Count => int.TryParse(Environment.GetEnvironmentVariable("IMAGEBACKUP_FUZZ_COUNT"), out var count) ? count : 500;

    public void Dispose() => scratch.Dispose();

    [Fact]
    public void Mutated_qcow2_images_are_read_or_refused() => Run(
        [
            Image("qcow2", "cluster_size=512"), Image("qcow2", "cluster_size=512,compat=0.10"), Image("qcow2", "cluster_size=4k,compression_type=zlib", "-c"),
            Image("qcow2", "cluster_size=4k,compression_type=zstd", "-c"), Image("qcow2", "cluster_size=16k,extended_l2=on"),
        ],
        (_, _) => { });

    [Fact]
    public void Mutated_vmdk_images_are_read_or_refused() => Run(
        [
            Image("vmdk", "subformat=monolithicSparse"), Image("vmdk", "subformat=streamOptimized"), Footed(),
            new Sample("# Disk DescriptorFile\nversion=1\nCID=1\nparentCID=ffffffff\ncreateType=\"monolithicFlat\"\nRW 2048 FLAT \"x\" 0\n"u8.ToArray(), [Range.All]),
        ],
        (_, _) => { });

    [Fact]
    public void Mutated_vhd_images_are_read_or_refused() => Run(
        [Image("vpc", "subformat=dynamic"), Image("vpc", "subformat=fixed")],
        (bytes, random) =>
        {
            FixVhd(bytes, 0, 512, 64);
            FixVhd(bytes, 512, 1024, 36);
            FixVhd(bytes, bytes.Length - 512, 512, 64);
        });

    [Fact]
    public void Mutated_vhdx_images_are_read_or_refused() => Run(
        [Image("vhdx", "subformat=dynamic,block_size=1M,log_size=1M")],
        (bytes, random) =>
        {
            FixVhdx(bytes, 64 << 10, 4096);
            FixVhdx(bytes, 128 << 10, 4096);
            FixVhdx(bytes, 192 << 10, 64 << 10);
            FixVhdx(bytes, 256 << 10, 64 << 10);
        });

    [Fact]
    public void Mutated_vdi_images_are_read_or_refused() => Run([Image("vdi", "static=off"), Image("vdi", "static=on")], (_, _) => { });

    [Fact]
    public void Mutated_gzip_files_are_read_or_refused() => Run([new Sample(Gzip(Raw()), [0..40, ^40..])], (_, _) => { });

    [Fact]
    public void Mutated_xz_files_are_read_or_refused() => Run([Packed("xz", "--block-size=50000", "x.xz"), Packed("xz", "-0", "x.xz")], FixXz);

    [Fact]
    public void Mutated_zstd_files_are_read_or_refused() => Run([Packed("zstd", "-q", "x.zst"), Packed("zstd", "--no-check", "x.zst")], (_, _) => { });

    private void Run(Sample[] samples, Action<byte[], Random> fixChecksums)
    {
        var random = new Random(Seed);
        var refused = 0;
        for (var i = 0; i < Count; i++)
        {
            var sample = samples[random.Next(samples.Length)];
            var (changed, length) = Mutate(sample, random);
            if (random.Next(2) == 0)
            {
                fixChecksums(sample.Bytes, random);
            }

            refused += Check(sample.Bytes, length, random, i);
            sample.Restore(changed);
        }

        output.WriteLine($"Seed {Seed}: {Count} cases, {refused} refused.");
        Assert.InRange(refused, 1, Count - 1);
    }

    /// <returns>1 if the image was refused.</returns>
    private static int Check(byte[] bytes, int length, Random random, int number)
    {
        var watch = Stopwatch.StartNew();
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var refused = 0;
        try
        {
            Read(new Patch.MemorySource(bytes, length), random);
        }
        catch (DiskImageException)
        {
            refused = 1;
        }
        catch (Exception failure)
        {
            throw new InvalidOperationException($"Seed {Seed}, case {number}", failure);
        }

        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), $"Seed {Seed}, case {number} took {watch.Elapsed}.");
        Assert.True(allocated < MaxMemory + MaxRead, $"Seed {Seed}, case {number} allocated {allocated} bytes.");
        return refused;
    }

    private static void Read(DiskSource source, Random random)
    {
        using var image = DiskImages.Open(source, new DiskOpenOptions { MaxLength = 1L << 40 }, CancellationToken.None);
        if (image.Guest is not { } guest)
        {
            using var stream = new Disks.Unpacking.UnpackedStream(image.Compression!.Value, source);
            stream.Fill(new byte[MaxRead]);
            return;
        }

        foreach (var offset in new[] { 0, guest.Length / 2, random.NextInt64(guest.Length + 1), Math.Max(0, guest.Length - MaxRead) })
        {
            guest.Read(new byte[Math.Min(MaxRead / 8, guest.Length - offset)], offset);
            Assert.InRange(guest.NextData(offset), offset, guest.Length);
        }
    }

    /// <summary>Changes the sample's bytes.</summary>
    /// <returns>Where, and the length that is left of the sample.</returns>
    private static (List<int> Changed, int Length) Mutate(Sample sample, Random random)
    {
        var bytes = sample.Bytes;
        var changed = new List<int>();
        for (var i = random.Next(1, 5); i > 0; i--)
        {
            var (start, count) = sample.Places[random.Next(sample.Places.Length)].GetOffsetAndLength(bytes.Length);
            var at = start + random.Next(count);
            changed.Add(at);
            switch (random.Next(3))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[at] = (byte)random.Next(256);
                    break;
                default:
                    var word = Words[random.Next(Words.Length)];
                    word.AsSpan(0, Math.Min(word.Length, bytes.Length - at)).CopyTo(bytes.AsSpan(at));
                    break;
            }
        }

        return (changed, random.Next(20) == 0 ? random.Next(bytes.Length) : bytes.Length);
    }

    private static void FixVhd(byte[] bytes, int start, int length, int sumOffset)
    {
        var part = bytes.AsSpan(start, length);
        part.Slice(sumOffset, 4).Clear();
        var sum = 0u;
        foreach (var value in part)
        {
            sum += value;
        }

        BinaryPrimitives.WriteUInt32BigEndian(part[sumOffset..], ~sum);
    }

    private static void FixVhdx(byte[] bytes, int start, int length)
    {
        var part = bytes.AsSpan(start, length);
        part.Slice(4, 4).Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(part[4..], VhdxHeader.ComputeCrc32C(part));
    }

    /// <summary>Corrects the checksums of the stream header and of the first block's header.</summary>
    private static void FixXz(byte[] bytes, Random random)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(8), Crc32.HashToUInt32(bytes.AsSpan(6, 2)));
        var length = (bytes[12] + 1) * 4;
        if (length > 4 && length < bytes.Length - 16)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(12 + length - 4), Crc32.HashToUInt32(bytes.AsSpan(12, length - 4)));
        }
    }

    /// <summary>A disk of 100 KB: noise, words and zeros.</summary>
    private byte[] Raw() => File.ReadAllBytes(scratch.WriteRaw("in.raw", 102_400, seed: 5, maxPiece: 20_000));

    private Sample Image(string format, string options, params string[] more)
    {
        Raw();
        Tool.QemuImg(["convert", "-f", "raw", "-O", format, "-o", options, .. more, scratch["in.raw"], scratch["x"]]);
        var bytes = File.ReadAllBytes(scratch["x"]);
        File.Delete(scratch["x"]);
        return new Sample(bytes, format switch
        {
            // Tables are wherever they are: most of the small image, and the header more often.
            "qcow2" => [0..112, 0..112, 0..(bytes.Length / 2), Range.All],
            "vmdk" => [0..80, 0..80, 512..1024, 0..(bytes.Length / 2), ^1536..],
            "vpc" => [0..100, 512..600, 1536..2048, ^512..],
            "vhdx" => [65536..65620, 131072..131156, 196608..196700, 262144..262236, (2 << 20)..((2 << 20) + 250), ((2 << 20) + 65536)..((2 << 20) + 65600), (3 << 20)..((3 << 20) + 64)],
            _ => [64..100, 340..456, 512..520],
        });
    }

    private Sample Packed(string program, string option, string name)
    {
        scratch.Write("x", Raw());
        File.Delete(scratch[name]);
        Tool.Run(program, "-k", option, scratch["x"]);
        return new Sample(File.ReadAllBytes(scratch[name]), [0..40, ^40.., Range.All]);
    }

    private Sample Footed()
    {
        using var disk = new Patch.MemorySource(Raw());
        using var target = new MemoryStream();
        VmdkWriter.WriteAsync(disk, target, "x.vmdk", CompressionLevel.Fastest, null, CancellationToken.None).GetAwaiter().GetResult();
        return new Sample(target.ToArray(), [0..80, 512..1024, ^4096.., Range.All]);
    }

    private static byte[] Gzip(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(bytes);
        }

        return packed.ToArray();
    }

    /// <summary>An image, and the places where it is changed most.</summary>
    private sealed record Sample(byte[] Bytes, Range[] Places)
    {
        private readonly byte[] original = (byte[])Bytes.Clone();

        /// <summary>Undoes changes, and those of checksums.</summary>
        public void Restore(List<int> changed)
        {
            foreach (var at in changed.Concat([0, Math.Max(0, Bytes.Length - 1024), 64 << 10, 128 << 10, 192 << 10, 256 << 10]).Where(at => at < Bytes.Length))
            {
                original.AsSpan(at, Math.Min(1200, Bytes.Length - at)).CopyTo(Bytes.AsSpan(at));
            }
        }
    }
}
