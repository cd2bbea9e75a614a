using ImageBackup.Ova.Blocks;
using ImageBackup.Ova.Deflate;
using ImageBackup.Ova.IO;
using ImageBackup.TestSupport;

namespace ImageBackup.Ova.Tests.Blocks;

public sealed class VolumeRestorerTests : IDisposable
{
    private const int Block = VolumeBlocks.Size;
    private readonly Scratch scratch = new();

    public static TheoryData<OvaCompression, bool, int, bool> Members
    {
        get
        {
            var data = new TheoryData<OvaCompression, bool, int, bool>();
            foreach (var compression in Enum.GetValues<OvaCompression>())
            {
                foreach (var length in new[] { 0, 1, Block - 1, Block, Block + 1, (5 * Block) + 12345 })
                {
                    data.Add(compression, true, length, true);
                    data.Add(compression, true, length, false);
                    data.Add(compression, false, length, true);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Members))]
    public async Task A_packed_volume_is_restored_byte_for_byte(OvaCompression compression, bool isal, int length, bool direct)
    {
        var volume = scratch.Write("volume", Scratch.Mixed(length, seed: length));
        var options = new DataPathOptions { Engine = Scratch.Engine(isal), DirectFrom = direct ? 0 : long.MaxValue };
        var packed = await scratch.PackAsync(volume, compression, options);
        var told = 0L;

        var restored = await VolumeRestorer.RestoreAsync(
            scratch.Region("member"), Scratch.EncodingOf(compression), scratch.Expect(packed), scratch["target"], options, Tell, CancellationToken.None);

        Assert.Equal(Scratch.Sha256(volume), Scratch.Sha256(scratch["target"]));
        Assert.Equal(packed.VolumeDigest, restored.VolumeDigest);
        Assert.Equal(packed.StoredSha256, restored.Stored!.Hex);
        Assert.Equal(packed.VolumeDigest, await VolumeDigester.ComputeAsync(volume, options, Scratch.NoProgress, CancellationToken.None));
        Assert.InRange(told, length == 0 ? 0 : length + packed.StoredSize - GzipFormat.TailLength, length + packed.StoredSize);

        ValueTask Tell(long done, CancellationToken cancellationToken)
        {
            Assert.InRange(done, told, packed.StoredSize + packed.VolumeSize);
            told = done;
            return ValueTask.CompletedTask;
        }
    }

    [Theory]
    [InlineData(OvaCompression.None, 0)]
    [InlineData(OvaCompression.None, long.MaxValue)]
    [InlineData(OvaCompression.Gzip, 0)]
    [InlineData(OvaCompression.Fast, 0)]
    [InlineData(OvaCompression.Fast, long.MaxValue)]
    public async Task Holes_and_zeros_become_holes(OvaCompression compression, long directFrom)
    {
        var options = new DataPathOptions { DirectFrom = directFrom };
        var zerosThatLieOnDisk = (40L * Block, new byte[3 * Block]);
        var volume = scratch.WriteSparse(
            "volume", (64L * Block) + 777, (5000, Scratch.Mixed(300_000, 1)), (20 * Block, Scratch.Noise(Block, 2)), zerosThatLieOnDisk, ((64L * Block) + 700, [1]));
        var packed = await scratch.PackAsync(volume, compression, options);

        var restored = await VolumeRestorer.RestoreAsync(
            scratch.Region("member"), Scratch.EncodingOf(compression), scratch.Expect(packed), scratch["target"], options, Scratch.NoProgress, CancellationToken.None);

        Assert.Equal(Scratch.Sha256(volume), Scratch.Sha256(scratch["target"]));
        Assert.InRange(Scratch.Allocated(scratch["target"]), Block, 2 * Block);
        Assert.InRange(restored.DataBytes, Block, 2 * Block);
        if (compression != OvaCompression.None)
        {
            File.Copy(scratch["member"], scratch["member.gz"]);
            Tool.Run("gzip", "-t", scratch["member.gz"]);
        }
    }

    [Theory]
    [InlineData(OvaCompression.Gzip)]
    [InlineData(OvaCompression.Fast)]
    public async Task The_time_for_a_sparse_volume_depends_on_its_data_not_on_its_size(OvaCompression compression)
    {
        var volume = scratch.WriteSparse("volume", 9L << 30, (0, Scratch.Mixed(100_000, 1)), (5L << 30, Scratch.Noise(10_000, 2)), ((9L << 30) - 1, [7]));
        var packed = await scratch.PackAsync(volume, compression);

        var restored = await VolumeRestorer.RestoreAsync(
            scratch.Region("member"), MemberEncoding.Gzip, scratch.Expect(packed), scratch["target"], new DataPathOptions(), Scratch.NoProgress, CancellationToken.None);

        Assert.InRange(Scratch.Allocated(scratch["target"]), 1, 1 << 20);
        Tool.Run("igzip", "-t", scratch.GzName());
        Assert.Equal(packed.VolumeDigest, await VolumeDigester.ComputeAsync(volume, new DataPathOptions(), Scratch.NoProgress, CancellationToken.None));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(long.MaxValue)]
    public async Task A_restored_volume_is_as_long_as_its_capacity(long directFrom)
    {
        var volume = scratch.Write("volume", Scratch.Mixed(3_000_000, 4));
        var packed = await scratch.PackAsync(volume, OvaCompression.Fast);
        var expected = scratch.Expect(packed) with { Capacity = 5_000_001 };

        var restored = await VolumeRestorer.RestoreAsync(scratch.Region("member"), MemberEncoding.Gzip, expected, scratch["target"], new DataPathOptions { DirectFrom = directFrom }, Scratch.NoProgress, CancellationToken.None);

        Assert.Equal(3_000_000, restored.VolumeSize);
        Assert.Equal(5_000_001, new FileInfo(scratch["target"]).Length);
        Assert.Equal(File.ReadAllBytes(volume), File.ReadAllBytes(scratch["target"])[..3_000_000]);
    }

    [Fact]
    public async Task Reading_back_finds_a_bit_that_flipped_after_restoring()
    {
        var packed = await scratch.PackAsync(scratch.Write("volume", Scratch.Mixed(3 * Block, 4)), OvaCompression.Fast);
        var expected = scratch.Expect(packed) with { Capacity = 4 * Block };
        var restored = await VolumeRestorer.RestoreAsync(scratch.Region("member"), MemberEncoding.Gzip, expected, scratch["target"], new DataPathOptions(), Scratch.NoProgress, CancellationToken.None);

        foreach (var (at, message) in new[] { (2L * Block, "block 2 (bytes 2097152 to 3145727"), (3L * Block, "behind its end at byte 3145728") })
        {
            Scratch.Flip(scratch["target"], at);
            var refusal = await Assert.ThrowsAsync<InvalidOvaException>(() =>
                VolumeRestorer.ReadBackAsync(scratch["target"], restored, expected, new DataPathOptions(), Scratch.NoProgress, CancellationToken.None));
            Assert.Contains(message, refusal.Message);
            Scratch.Flip(scratch["target"], at);
        }
    }

    [Fact]
    public async Task A_disk_that_returns_other_bytes_than_were_written_is_noticed()
    {
        var expected = new RestoreExpectation { Name = "disk.gz", Capacity = 64 * Block };
        using var target = new TargetVolume(scratch["target"], expected, new DataPathOptions { DirectFrom = 0 });
        Assert.SkipUnless(target.IsCompared, "The file system does not read and write past the page cache.");
        using var slot = new BlockSlot { Length = Block, Count = 1 };
        using var other = File.OpenHandle(scratch["target"], FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        using var stop = new CancellationTokenSource();
        var disturbance = Task.Run(() => Disturb(stop.Token), TestContext.Current.CancellationToken);

        var refusal = Assert.Throws<InvalidOvaException>(() =>
        {
            for (var i = 0; i < 10_000; i++)
            {
                Scratch.Noise(Block, i).CopyTo(slot.Raw);
                slot.Index = i % 64;
                target.Write(slot);
            }
        });

        await stop.CancelAsync();
        await disturbance;
        Assert.Matches(@"^the volume restored from disk.gz: block \d+ \(bytes \d+ to \d+ of the volume\) differs: the disk returns other bytes than were written$", refusal.Message);

        // Writes into the volume all the time, so that some write falls between that of a block and its comparison.
        void Disturb(CancellationToken cancellationToken)
        {
            while (!cancellationToken.IsCancellationRequested)
            {
                for (var block = 0; block < 64; block++)
                {
                    RandomAccess.Write(other, [(byte)block, 1, 2, 3, 4, 5, 6, 7], (block * Block) + 12_345);
                }
            }
        }
    }

    [Fact]
    public async Task Data_in_a_run_of_zeros_is_noticed()
    {
        var expected = new RestoreExpectation { Name = "disk.gz", Capacity = 64 * Block };
        using var target = new TargetVolume(scratch["target"], expected, new DataPathOptions { DirectFrom = 0 });
        Assert.SkipUnless(target.IsCompared, "The file system does not read and write past the page cache.");
        using var slot = new BlockSlot { Index = 10, Length = Block, Count = 50, IsZero = true };
        target.Write(slot);
        Assert.Equal(50 * Block, target.Compared);

        await using (var other = new FileStream(scratch["target"], FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            other.Position = 40 * Block;
            await other.WriteAsync(new byte[] { 0, 0, 0, 1 }, TestContext.Current.CancellationToken);
        }

        Assert.Contains("block 40 ", Assert.Throws<InvalidOvaException>(() => target.Write(slot)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(OvaCompression.None, 4096)]
    [InlineData(OvaCompression.None, 1536)]
    [InlineData(OvaCompression.Fast, 1536)]
    public async Task A_member_is_read_inside_the_archive(OvaCompression compression, int offset)
    {
        var options = new DataPathOptions { DirectFrom = 0 };
        var packed = await scratch.PackAsync(scratch.Write("volume", Scratch.Mixed(2_500_000, 4)), compression);
        scratch.Write("archive", [.. Scratch.Noise(offset, 1), .. File.ReadAllBytes(scratch["member"]), .. Scratch.Noise(999, 2)]);
        var region = new FileRegion(scratch["archive"], offset, packed.StoredSize);

        await VolumeRestorer.RestoreAsync(region, Scratch.EncodingOf(compression), scratch.Expect(packed), scratch["target"], options, Scratch.NoProgress, CancellationToken.None);
        await VolumeVerifier.VerifyAsync(region, Scratch.EncodingOf(compression), scratch.Expect(packed) with { BlockList = null }, options, Scratch.NoProgress, CancellationToken.None);

        Assert.Equal(Scratch.Sha256(scratch["volume"]), Scratch.Sha256(scratch["target"]));
    }

    [Theory]
    [InlineData(OvaCompression.Fast)]
    [InlineData(OvaCompression.None)]
    public async Task A_large_volume_leaves_nothing_in_the_page_cache(OvaCompression compression)
    {
        Requires.Programs("fincore");
        var volume = scratch.Write("volume", Scratch.Noise(40 << 20, 1));
        Tool.Run("sync", volume);
        using (var file = File.OpenHandle(volume))
        {
            NativeFile.DropCache(file);
        }

        var packed = await scratch.PackAsync(volume, compression);
        await VolumeRestorer.RestoreAsync(
            scratch.Region("member"), Scratch.EncodingOf(compression), scratch.Expect(packed), scratch["target"], new DataPathOptions(), Scratch.NoProgress, CancellationToken.None);

        Assert.InRange(Cached("volume"), 0, Block);
        Assert.InRange(Cached("member"), 0, Block);
        Assert.InRange(Cached("target"), 0, Block);
        Assert.Equal("", Tool.Run("cmp", volume, scratch["target"]));
    }

    public void Dispose() => scratch.Dispose();

    private long Cached(string name) => long.Parse(Tool.Run("fincore", "-b", "-n", "-r", "-o", "RES", scratch[name]));
}
