using ImageBackup.Ova.Blocks;
using ImageBackup.TestSupport;

namespace ImageBackup.Ova.Tests.Blocks;

public sealed class VolumeRestorerTests : IDisposable
{
    private const int Block = VolumeBlocks.Size;
    private readonly Scratch scratch = new();

    public static TheoryData<OvaCompression, bool, int> Members
    {
        get
        {
            var data = new TheoryData<OvaCompression, bool, int>();
            foreach (var compression in Enum.GetValues<OvaCompression>())
            {
                foreach (var length in new[] { 0, 1, Block - 1, Block, Block + 1, (5 * Block) + 12345 })
                {
                    data.Add(compression, true, length);
                    data.Add(compression, false, length);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Members))]
    public async Task A_packed_volume_is_restored_byte_for_byte(OvaCompression compression, bool isal, int length)
    {
        var volume = scratch.Write("volume", Scratch.Mixed(length, seed: length));
        var options = Options(isal);
        var packed = await scratch.PackAsync(volume, compression, options);
        var told = 0L;

        var restored = await VolumeRestorer.RestoreAsync(
            scratch.Region("member"), Scratch.EncodingOf(compression), scratch.Expect(packed), scratch["target"], options, Tell, CancellationToken.None);
        await VolumeRestorer.ReadBackAsync(scratch["target"], restored, scratch.Expect(packed), options, Scratch.NoProgress, CancellationToken.None);

        Assert.Equal(Scratch.Sha256(volume), Scratch.Sha256(scratch["target"]));
        Assert.Equal(packed.VolumeDigest, restored.VolumeDigest);
        Assert.Equal(packed.StoredSha256, restored.Stored!.Hex);
        Assert.Equal(packed.VolumeDigest, await VolumeDigester.ComputeAsync(volume, options, Scratch.NoProgress, CancellationToken.None));
        Assert.InRange(told, length == 0 ? 0 : 1, packed.StoredSize);

        ValueTask Tell(long done, CancellationToken cancellationToken)
        {
            Assert.True(done > told);
            told = done;
            return ValueTask.CompletedTask;
        }
    }

    [Theory]
    [InlineData(OvaCompression.None)]
    [InlineData(OvaCompression.Gzip)]
    [InlineData(OvaCompression.Fast)]
    public async Task Holes_and_zeros_become_holes(OvaCompression compression)
    {
        var zerosThatLieOnDisk = (40L * Block, new byte[3 * Block]);
        var volume = scratch.WriteSparse(
            "volume", (64L * Block) + 777, (5000, Scratch.Mixed(300_000, 1)), (20 * Block, Scratch.Noise(Block, 2)), zerosThatLieOnDisk, ((64L * Block) + 700, [1]));
        var packed = await scratch.PackAsync(volume, compression);

        var restored = await VolumeRestorer.RestoreAsync(
            scratch.Region("member"), Scratch.EncodingOf(compression), scratch.Expect(packed), scratch["target"], new DataPathOptions(), Scratch.NoProgress, CancellationToken.None);

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
        await VolumeRestorer.ReadBackAsync(scratch["target"], restored, scratch.Expect(packed), new DataPathOptions(), Scratch.NoProgress, CancellationToken.None);

        Assert.InRange(Scratch.Allocated(scratch["target"]), 1, 1 << 20);
        Tool.Run("igzip", "-t", scratch.GzName());
        Assert.Equal(packed.VolumeDigest, await VolumeDigester.ComputeAsync(volume, new DataPathOptions(), Scratch.NoProgress, CancellationToken.None));
    }

    [Fact]
    public async Task A_restored_volume_is_as_long_as_its_capacity()
    {
        var volume = scratch.Write("volume", Scratch.Mixed(3_000_000, 4));
        var packed = await scratch.PackAsync(volume, OvaCompression.Fast);
        var expected = scratch.Expect(packed) with { Capacity = 5_000_000 };

        var restored = await VolumeRestorer.RestoreAsync(scratch.Region("member"), MemberEncoding.Gzip, expected, scratch["target"], new DataPathOptions(), Scratch.NoProgress, CancellationToken.None);
        await VolumeRestorer.ReadBackAsync(scratch["target"], restored, expected, new DataPathOptions(), Scratch.NoProgress, CancellationToken.None);

        Assert.Equal(3_000_000, restored.VolumeSize);
        Assert.Equal(5_000_000, new FileInfo(scratch["target"]).Length);
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
    public async Task A_member_is_read_inside_the_archive()
    {
        var packed = await scratch.PackAsync(scratch.Write("volume", Scratch.Mixed(2_500_000, 4)), OvaCompression.Fast);
        scratch.Write("archive", [.. Scratch.Noise(1536, 1), .. File.ReadAllBytes(scratch["member"]), .. Scratch.Noise(999, 2)]);
        var region = new FileRegion(scratch["archive"], 1536, packed.StoredSize);

        await VolumeRestorer.RestoreAsync(region, MemberEncoding.Gzip, scratch.Expect(packed), scratch["target"], new DataPathOptions(), Scratch.NoProgress, CancellationToken.None);
        await VolumeVerifier.VerifyAsync(region, MemberEncoding.Gzip, scratch.Expect(packed) with { BlockList = null }, new DataPathOptions(), Scratch.NoProgress, CancellationToken.None);

        Assert.Equal(Scratch.Sha256(scratch["volume"]), Scratch.Sha256(scratch["target"]));
    }

    public void Dispose() => scratch.Dispose();

    private static DataPathOptions Options(bool isal) =>
        new() { Engine = Scratch.Engine(isal) };
}
