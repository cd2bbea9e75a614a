using ImageBackup.Ova.Compression;
using ImageBackup.Ova.Compression.Engines;

namespace ImageBackup.Ova.Tests.Compression;

public sealed class VolumePackerTests : IDisposable
{
    private const int Block = VolumeBlocks.Size;
    private readonly Scratch scratch = new();

    public static TheoryData<OvaCompression, bool, int> Members
    {
        get
        {
            var data = new TheoryData<OvaCompression, bool, int>();
            foreach (var length in new[] { 0, 1, Block - 1, Block, Block + 1, (5 * Block) + 12345 })
            {
                data.Add(OvaCompression.Fast, true, length);
                data.Add(OvaCompression.Fast, false, length);
                data.Add(OvaCompression.Gzip, true, length);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Members))]
    public async Task A_member_is_read_back_by_everybody_elses_gzip(OvaCompression compression, bool isal, int length)
    {
        var volume = scratch.Write("volume", Scratch.Mixed(length, seed: length));
        var options = new DataPathOptions { Engine = isal ? DeflateEngine.Current : new RuntimeEngine("a test wants it so") };

        var packed = await scratch.PackAsync(volume, compression, options);

        File.Copy(scratch["member"], scratch["member.gz"]);
        Scratch.Run("gzip", "-t", scratch["member.gz"]);
        Scratch.Run("pigz", "-t", scratch["member.gz"]);
        Scratch.Run("igzip", "-d", "-k", "-f", scratch["member.gz"], "-o", scratch["igzip"]);
        Scratch.Run("python3", "-c", "import gzip,sys; open(sys.argv[2],'wb').write(gzip.open(sys.argv[1]).read())", scratch["member.gz"], scratch["python"]);
        Assert.Equal(Scratch.Sha256(volume), Scratch.Sha256(scratch["igzip"]));
        Assert.Equal(Scratch.Sha256(volume), Scratch.Sha256(scratch["python"]));
        Assert.Equal(length, packed.VolumeSize);
        Assert.Equal(new FileInfo(scratch["member"]).Length, packed.StoredSize);
        Assert.Equal(Scratch.Sha256(scratch["member"]), packed.StoredSha256);
        Assert.Equal(new FileInfo(scratch["blocks"]).Length, packed.BlockListSize);
        Assert.Equal(Scratch.Sha256(scratch["blocks"]), packed.BlockListSha256);
    }

    public void Dispose() => scratch.Dispose();
}
