using ImageBackup.Ova.Blocks;
using ImageBackup.TestSupport;

namespace ImageBackup.Ova.Tests.Blocks;

/// <summary>Members that other gzip programs wrote, restored without a block list by both engines.</summary>
public sealed class ForeignGzipTests : IDisposable
{
    private readonly Scratch scratch = new();
    private readonly byte[] raw = Scratch.Mixed(3_333_333, 9);

    [Theory]
    [InlineData("gzip -6 -c volume > member")]
    [InlineData("gzip -1 -N -c volume > member")]
    [InlineData("pigz -p 3 -b 128 -c volume > member")]
    [InlineData("pigz -p 2 -i -c volume > member")]
    [InlineData("igzip -1 -c volume > member")]
    [InlineData("head -c 1000000 volume | gzip > member; tail -c +1000001 volume | pigz >> member; gzip < /dev/null >> member")]
    [InlineData("split -b 5000 volume piece.; for p in piece.*; do gzip -1 -c $p; done > member")]
    [InlineData("python3 -c \"import gzip; f=gzip.open('member','wb',compresslevel=9); f.write(open('volume','rb').read()); f.close()\"")]
    public async Task Gzip_of_any_program_is_restored(string command)
    {
        scratch.Write("volume", raw);
        Tool.Run("bash", "-ec", $"cd {scratch["."]}; {command}");

        foreach (var engine in Scratch.Engines)
        {
            foreach (var workers in new[] { 1, 4 })
            {
                var options = new DataPathOptions { Engine = engine, Workers = workers };
                var restored = await VolumeRestorer.RestoreAsync(
                    scratch.Region("member"), MemberEncoding.Gzip, Expect(raw.Length), scratch["target"], options, Scratch.NoProgress, CancellationToken.None);

                Assert.Equal(Scratch.Sha256(scratch["volume"]), Scratch.Sha256(scratch["target"]));
                Assert.Equal(Scratch.Sha256(scratch["member"]), restored.Stored!.Hex);
                Assert.Equal(raw.Length, restored.VolumeSize);
            }
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Optional_header_fields_are_skipped(bool isal)
    {
        scratch.Write("volume", raw);
        Tool.Run("bash", "-ec", $"cd {scratch["."]}; gzip -nc volume > plain");
        var plain = File.ReadAllBytes(scratch["plain"]);
        scratch.Write("member", [31, 139, 8, 31, .. plain[4..10], 3, 0, 1, 2, 3, .. "name\0"u8, .. "comment\0"u8, 9, 9, .. plain[10..]]);

        await VolumeRestorer.RestoreAsync(
            scratch.Region("member"), MemberEncoding.Gzip, Expect(raw.Length), scratch["target"], Options(isal), Scratch.NoProgress, CancellationToken.None);

        Assert.Equal(Scratch.Sha256(scratch["volume"]), Scratch.Sha256(scratch["target"]));
    }

    [Theory]
    [InlineData("head -c 100000 good > member", "it ends within its data")]
    [InlineData("head -c -3 good > member", "it is cut off")]
    [InlineData("head -c 5 good > member", "it is cut off")]
    [InlineData("(cat good; echo hello) > member", "other than gzip follows")]
    [InlineData("(cat good; printf '\\037\\213') > member", "it is cut off")]
    [InlineData("(head -c -8 good; printf abcd; tail -c 4 good) > member", "CRC-32")]
    [InlineData("(head -c -4 good; printf abcd) > member", "inflated")]
    [InlineData("cat volume > member", "it is no gzip")]
    [InlineData(": > member", "it is empty")]
    [InlineData("zstd -q -c volume > member", "it is no gzip")]
    public async Task Damage_is_reported(string command, string message)
    {
        scratch.Write("volume", raw);
        Tool.Run("bash", "-ec", $"cd {scratch["."]}; gzip -1 -c volume > good; {command}");

        foreach (var engine in Scratch.Engines)
        {
            var refusal = await Assert.ThrowsAsync<InvalidOvaException>(() => VolumeVerifier.VerifyAsync(
                scratch.Region("member"), MemberEncoding.Gzip, Expect(raw.Length), new DataPathOptions { Engine = engine }, Scratch.NoProgress, CancellationToken.None));

            Assert.Contains(message, refusal.Message);
            Assert.Contains("disk.gz", refusal.Message);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_decompression_bomb_is_refused_at_the_capacity(bool isal)
    {
        Tool.Run("bash", "-ec", $"cd {scratch["."]}; head -c 300000000 /dev/zero | pigz -1 > member");

        var refusal = await Assert.ThrowsAsync<InvalidOvaException>(() => VolumeRestorer.RestoreAsync(
            scratch.Region("member"), MemberEncoding.Gzip, Expect(10_000_001), scratch["target"], Options(isal), Scratch.NoProgress, CancellationToken.None));

        Assert.Contains("10000002 bytes or more", refusal.Message);
        Assert.Equal(10_000_001, new FileInfo(scratch["target"]).Length);
    }

    [Fact]
    public async Task A_wrong_digest_is_reported_with_the_expected_one()
    {
        scratch.Write("volume", raw);
        Tool.Run("bash", "-ec", $"cd {scratch["."]}; gzip -1 -c volume > member");
        var expected = Expect(raw.Length) with { Stored = OvaDigest.Sha256(new string('0', 64)) };

        var refusal = await Assert.ThrowsAsync<InvalidOvaException>(() => VolumeVerifier.VerifyAsync(
            scratch.Region("member"), MemberEncoding.Gzip, expected, new DataPathOptions(), Scratch.NoProgress, CancellationToken.None));

        Assert.Contains(Scratch.Sha256(scratch["member"]), refusal.Message);
        Assert.Contains(new string('0', 64), refusal.Message);
    }

    public void Dispose() => scratch.Dispose();

    private static DataPathOptions Options(bool isal) =>
        new() { Engine = Scratch.Engine(isal) };

    private static RestoreExpectation Expect(long capacity) => new() { Name = "disk.gz", Capacity = capacity };
}
