using ImageBackup.Ova.Blocks;
using ImageBackup.Ova.Deflate;

namespace ImageBackup.Ova.Tests.Blocks;

/// <summary>Damaged and malicious members and block lists.</summary>
public sealed class DamagedMemberTests : IDisposable
{
    private const int Block = VolumeBlocks.Size;
    private readonly Scratch scratch = new();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_flipped_bit_in_a_block_is_named(bool isal)
    {
        var packed = await PackAsync(OvaCompression.Fast);
        Scratch.Flip(scratch["member"], packed.StoredSize / 2);

        var refusal = await RefusedAsync(packed, MemberEncoding.Gzip, Scratch.Engine(isal));

        Assert.Matches(@"disk\.gz: block \d+ \(bytes \d+ to \d+ of the volume\) (differs: SHA-256|cannot be inflated)", refusal.Message);
    }

    [Fact]
    public async Task A_flipped_bit_in_a_raw_member_is_named()
    {
        var packed = await scratch.PackAsync(scratch.Write("volume", Volume()), OvaCompression.None);
        File.Copy(scratch["member"], scratch["copy"]);
        File.Move(scratch["copy"], scratch["member"], overwrite: true);
        Scratch.Flip(scratch["member"], (3 * Block) + 17);

        var refusal = await RefusedAsync(packed, MemberEncoding.Raw);

        Assert.Contains("block 3 (bytes 3145728 to 4194303 of the volume) differs: SHA-256", refusal.Message);
    }

    [Fact]
    public async Task A_raw_member_without_a_block_list_is_checked_by_its_digest()
    {
        var packed = await scratch.PackAsync(scratch.Write("volume", Volume()), OvaCompression.None);
        scratch.Write("rotten", File.ReadAllBytes(scratch["member"]));
        Scratch.Flip(scratch["rotten"], 99);

        var refusal = await Assert.ThrowsAsync<InvalidOvaException>(() => VolumeVerifier.VerifyAsync(
            scratch.Region("rotten"), MemberEncoding.Raw, scratch.Expect(packed) with { BlockList = null }, new DataPathOptions(), Scratch.NoProgress, CancellationToken.None));

        Assert.Contains($"{packed.StoredSha256} expected", refusal.Message);
    }

    [Theory]
    [InlineData(OvaCompression.Fast)]
    [InlineData(OvaCompression.None)]
    public async Task A_flipped_bit_anywhere_in_the_block_list_is_found(OvaCompression compression)
    {
        var packed = await PackAsync(compression);

        for (var at = 0L; at < packed.BlockListSize; at += at < 60 || at > packed.BlockListSize - 40 ? 1 : 7)
        {
            Scratch.Flip(scratch["blocks"], at);
            await RefusedAsync(packed, Scratch.EncodingOf(compression));
            Scratch.Flip(scratch["blocks"], at);
        }
    }

    [Fact]
    public async Task A_flipped_bit_in_the_gzip_header_or_trailer_is_found()
    {
        var packed = await PackAsync(OvaCompression.Fast);

        foreach (var at in new[] { 0, 1, 2, 3, 9, packed.StoredSize - 1, packed.StoredSize - 8, packed.StoredSize - 10 })
        {
            Scratch.Flip(scratch["member"], at);
            await RefusedAsync(packed, MemberEncoding.Gzip);
            Scratch.Flip(scratch["member"], at);
        }
    }

    [Theory]
    [InlineData(OvaCompression.Fast)]
    [InlineData(OvaCompression.None)]
    public async Task A_shortened_or_lengthened_member_is_refused(OvaCompression compression)
    {
        var packed = await PackAsync(compression);
        var whole = File.ReadAllBytes(scratch["member"]);

        foreach (var bytes in new[] { whole[..^1], whole[..(whole.Length / 2)], whole[..5], [], [.. whole, 0] })
        {
            File.Delete(scratch["member"]);
            scratch.Write("member", bytes);
            await RefusedAsync(packed, Scratch.EncodingOf(compression));
        }

        var beyond = new FileRegion(scratch["member"], 1000, whole.Length);
        await Assert.ThrowsAsync<InvalidOvaException>(() => VolumeVerifier.VerifyAsync(
            beyond, Scratch.EncodingOf(compression), scratch.Expect(packed), new DataPathOptions(), Scratch.NoProgress, CancellationToken.None));
    }

    [Fact]
    public async Task A_volume_larger_than_its_capacity_is_refused_before_anything_is_written()
    {
        var packed = await PackAsync(OvaCompression.Fast);

        var refusal = await Assert.ThrowsAsync<InvalidOvaException>(() => VolumeRestorer.RestoreAsync(
            scratch.Region("member"), MemberEncoding.Gzip, scratch.Expect(packed) with { Capacity = packed.VolumeSize - 1 }, scratch["target"], new DataPathOptions(), Scratch.NoProgress, CancellationToken.None));

        Assert.Contains($"capacity of {packed.VolumeSize - 1}", refusal.Message);
        Assert.False(File.Exists(scratch["target"]));
    }

    [Fact]
    public async Task A_block_list_that_calls_data_zeros_is_found()
    {
        var zeros = await scratch.PackAsync(scratch.WriteSparse("zeros", 4L * Block), OvaCompression.Fast);
        File.Move(scratch["blocks"], scratch["lying"]);
        var packed = await PackAsync(OvaCompression.Fast);

        var refusal = await Assert.ThrowsAsync<InvalidOvaException>(() => VolumeVerifier.VerifyAsync(
            scratch.Region("member"),
            MemberEncoding.Gzip,
            scratch.Expect(packed) with { BlockList = scratch.Region("lying"), VolumeDigest = zeros.VolumeDigest, Stored = null },
            new DataPathOptions(),
            Scratch.NoProgress,
            CancellationToken.None));

        Assert.Contains("cannot be inflated", refusal.Message);
    }

    [Theory]
    [InlineData(true, 400)]
    [InlineData(false, 120)]
    public async Task Mutated_members_are_restored_right_or_refused(bool isal, int runs)
    {
        var packed = await PackAsync(OvaCompression.Fast);
        var member = File.ReadAllBytes(scratch["member"]);
        var list = File.ReadAllBytes(scratch["blocks"]);
        var random = new Random(20260301);

        for (var run = 0; run < runs; run++)
        {
            scratch.Write("mutated", Mutate(member, random));
            scratch.Write("list", run % 3 == 0 ? Mutate(list, random) : list);
            var expected = new RestoreExpectation
            {
                Name = "disk.gz",
                Capacity = packed.VolumeSize + random.Next(2),
                BlockList = run % 2 == 0 ? scratch.Region("list") : null,
                VolumeDigest = packed.VolumeDigest,
            };
            var refusal = await Record.ExceptionAsync(() => VolumeRestorer.RestoreAsync(
                scratch.Region("mutated"), MemberEncoding.Gzip, expected, scratch["target"], Options(Scratch.Engine(isal)), Scratch.NoProgress, CancellationToken.None));

            Assert.True(refusal is null or InvalidOvaException, $"run {run}: {refusal}");
        }
    }

    public void Dispose() => scratch.Dispose();

    private static byte[] Mutate(byte[] bytes, Random random)
    {
        var mutated = bytes.ToList();
        for (var i = random.Next(1, 4); i > 0 && mutated.Count > 0; i--)
        {
            // Half of the damage goes to the first bytes, where headers and code tables are.
            var at = random.Next(random.Next(2) == 0 ? Math.Min(200, mutated.Count) : mutated.Count);
            switch (random.Next(5))
            {
                case 0:
                    mutated[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    mutated[at] = (byte)random.Next(256);
                    break;
                case 2:
                    mutated.RemoveRange(at, Math.Min(random.Next(1, 50), mutated.Count - at));
                    break;
                case 3:
                    mutated.InsertRange(at, mutated.Take(random.Next(1, 300)).ToArray());
                    break;
                default:
                    mutated.RemoveRange(at, random.Next(10) == 0 ? mutated.Count - at : 0);
                    break;
            }
        }

        return [.. mutated];
    }

    private static DataPathOptions Options(DeflateEngine engine) =>
        new() { Engine = engine, MemoryBytes = 6 << 20 };

    private static byte[] Volume() => [.. Scratch.Mixed((2 * Block) + 5, 8), .. new byte[3 * Block], .. Scratch.Mixed(Block / 2, 9)];

    private async Task<PackedVolume> PackAsync(OvaCompression compression) => await scratch.PackAsync(scratch.Write("volume", Volume()), compression);

    private async Task<InvalidOvaException> RefusedAsync(PackedVolume packed, MemberEncoding encoding, DeflateEngine? engine = null) =>
        await Assert.ThrowsAsync<InvalidOvaException>(() => VolumeVerifier.VerifyAsync(
            scratch.Region("member"), encoding, scratch.Expect(packed), Options(engine ?? DeflateEngine.Current), Scratch.NoProgress, CancellationToken.None));
}
