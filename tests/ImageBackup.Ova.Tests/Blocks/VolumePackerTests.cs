using ImageBackup.Ova.Blocks;
using ImageBackup.Ova.IO;
using ImageBackup.TestSupport;

namespace ImageBackup.Ova.Tests.Blocks;

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
    public async Task Other_gzip_programs_read_a_member(OvaCompression compression, bool isal, int length)
    {
        var volume = scratch.Write("volume", Scratch.Mixed(length, seed: length));
        var options = new DataPathOptions { Engine = Scratch.Engine(isal) };

        var packed = await scratch.PackAsync(volume, compression, options);

        File.Copy(scratch["member"], scratch["member.gz"]);
        Tool.Run("gzip", "-t", scratch["member.gz"]);
        Tool.Run("pigz", "-t", scratch["member.gz"]);
        Tool.Run("igzip", "-d", "-k", "-f", scratch["member.gz"], "-o", scratch["igzip"]);
        Tool.Run("python3", "-c", "import gzip,sys; open(sys.argv[2],'wb').write(gzip.open(sys.argv[1]).read())", scratch["member.gz"], scratch["python"]);
        Assert.Equal(Scratch.Sha256(volume), Scratch.Sha256(scratch["igzip"]));
        Assert.Equal(Scratch.Sha256(volume), Scratch.Sha256(scratch["python"]));
        Assert.Equal(length, packed.VolumeSize);
        Assert.Equal(new FileInfo(scratch["member"]).Length, packed.StoredSize);
        Assert.Equal(Scratch.Sha256(scratch["member"]), packed.StoredSha256);
        Assert.Equal(new FileInfo(scratch["blocks"]).Length, packed.BlockListSize);
        Assert.Equal(Scratch.Sha256(scratch["blocks"]), packed.BlockListSha256);
    }

    [Fact]
    public async Task Gzip_compresses_as_well_as_gzip_6()
    {
        var volume = scratch.Write("volume", Scratch.Programs());
        Tool.Run("bash", "-ec", $"gzip -6 -c {volume} > {scratch["theirs"]}");

        var packed = await scratch.PackAsync(volume, OvaCompression.Gzip);

        Assert.InRange(packed.StoredSize, 1, (long)(new FileInfo(scratch["theirs"]).Length * 1.02));
    }

    [Fact]
    public async Task Random_data_is_stored_and_hardly_grows()
    {
        var packed = await scratch.PackAsync(scratch.Write("volume", Scratch.Noise(4 * Block, 3)), OvaCompression.Fast);

        Assert.InRange(packed.StoredSize, 4 * Block, (4 * Block) + 500);
        Tool.Run("gzip", "-t", scratch.GzName());
    }

    [Fact]
    public async Task The_volume_digest_depends_only_on_the_content()
    {
        var bytes = Scratch.Mixed(3 * Block, 5);
        var holes = scratch.WriteSparse("holes", 20L * Block, (4L * Block, bytes));
        var zeros = scratch.Write("zeros", [.. new byte[4 * Block], .. bytes, .. new byte[13 * Block]]);

        var digests = new HashSet<string>();
        foreach (var compression in Enum.GetValues<OvaCompression>())
        {
            digests.Add((await scratch.PackAsync(holes, compression)).VolumeDigest);
            digests.Add((await scratch.PackAsync(zeros, compression, new DataPathOptions { Workers = 5 })).VolumeDigest);
        }

        Assert.Single(digests);
    }

    [Fact]
    public async Task The_number_of_workers_does_not_change_the_member()
    {
        var volume = scratch.WriteSparse("volume", 12L * Block, (0, Scratch.Mixed(5 * Block, 5)), (9L * Block, Scratch.Mixed(Block, 6)));

        var one = await scratch.PackAsync(volume, OvaCompression.Fast, new DataPathOptions { Workers = 1, MemoryBytes = 0 });
        var many = await scratch.PackAsync(volume, OvaCompression.Fast, new DataPathOptions { Workers = 7 });

        Assert.Equal(one, many);
    }

    [Fact]
    public async Task An_uncompressed_member_shares_the_volumes_blocks_where_the_file_system_can()
    {
        Requires.Root();
        Requires.Programs("mkfs.btrfs");
        Tool.Run("truncate", "-s", "200M", scratch["disk"]);
        Tool.Run("mkfs.btrfs", "-q", scratch["disk"]);
        Directory.CreateDirectory(scratch["mount"]);
        Tool.Run("mount", "-o", "loop", scratch["disk"], scratch["mount"]);
        try
        {
            var volume = scratch.Write("mount/volume", Scratch.Noise((3 * Block) + 12345, 5));
            using var member = File.OpenHandle(scratch["mount/member"], FileMode.CreateNew, FileAccess.ReadWrite);
            using var list = File.OpenHandle(scratch["mount/list"], FileMode.CreateNew, FileAccess.ReadWrite);
            RandomAccess.SetLength(member, 8192);

            var packed = await VolumePacker.PackAsync(
                volume, new PackTarget(member, 8192), new PackTarget(list, 0), OvaCompression.None, new DataPathOptions(), (_, _) => ValueTask.CompletedTask, CancellationToken.None);

            Assert.Equal(Scratch.Sha256(volume), packed.StoredSha256);
            Assert.Equal("", Tool.Run("cmp", "-i", "0:8192", volume, scratch["mount/member"]));
            Assert.Contains("shared", Tool.Run("filefrag", "-v", scratch["mount/member"]));
        }
        finally
        {
            Tool.Run("umount", "-l", scratch["mount"]);
        }
    }

    [Fact]
    public async Task A_member_left_by_a_crash_is_replaced_even_if_it_is_a_link_to_the_volume()
    {
        var bytes = Scratch.Mixed(2 * Block, 5);
        var volume = scratch.Write("volume", bytes);
        FileCopy.HardLink(volume, scratch["member"]);

        await scratch.PackAsync(volume, OvaCompression.Fast);

        Assert.Equal(bytes, File.ReadAllBytes(volume));
        Tool.Run("gzip", "-t", scratch.GzName());
    }

    [Theory]
    [InlineData(OvaCompression.None)]
    [InlineData(OvaCompression.Gzip)]
    [InlineData(OvaCompression.Fast)]
    public async Task Canceling_stops_at_once_and_leaves_no_files(OvaCompression compression)
    {
        var volume = scratch.Write("volume", Scratch.Mixed(30 * Block, 5));
        using var cancel = new CancellationTokenSource();
        var stopwatch = new System.Diagnostics.Stopwatch();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => VolumePacker.PackAsync(
            volume, scratch["member"], scratch["blocks"], compression, new DataPathOptions(), StallAsync, cancel.Token));

        Assert.InRange(stopwatch.Elapsed.TotalSeconds, 0, 2);
        Assert.Equal(1, scratch.Files);

        async ValueTask StallAsync(long done, CancellationToken cancellationToken)
        {
            if (done > 3 * Block)
            {
                stopwatch.Start();
                cancel.Cancel();
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }
        }
    }

    [Fact]
    public async Task An_exception_of_the_progress_callback_stops_the_work_and_leaves_no_files()
    {
        var volume = scratch.Write("volume", Scratch.Mixed(10 * Block, 5));

        var thrown = await Assert.ThrowsAsync<TimeoutException>(() => VolumePacker.PackAsync(
            volume, scratch["member"], scratch["blocks"], OvaCompression.Fast, new DataPathOptions(), (_, _) => throw new TimeoutException("enough"), CancellationToken.None));

        Assert.Equal("enough", thrown.Message);
        Assert.Equal(1, scratch.Files);
    }

    [Fact]
    public async Task A_slow_progress_callback_gets_every_block_in_order()
    {
        var volume = scratch.Write("volume", Scratch.Mixed((6 * Block) + 1, 5));
        var heard = new List<long>();

        await VolumePacker.PackAsync(volume, scratch["member"], scratch["blocks"], OvaCompression.Fast, new DataPathOptions(), ListenAsync, CancellationToken.None);

        Assert.Equal(Enumerable.Range(1, 6).Select(i => (long)i * Block).Append((6 * Block) + 1), heard);

        async ValueTask ListenAsync(long done, CancellationToken cancellationToken)
        {
            await Task.Delay(5, cancellationToken);
            heard.Add(done);
        }
    }

    [Fact]
    public async Task A_missing_volume_is_reported_and_leaves_no_files()
    {
        await Assert.ThrowsAsync<FileNotFoundException>(() => scratch.PackAsync(scratch["nothing"], OvaCompression.Fast));

        Assert.Equal(0, scratch.Files);
    }

    public void Dispose() => scratch.Dispose();
}
