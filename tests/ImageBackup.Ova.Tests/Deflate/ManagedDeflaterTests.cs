using System.Globalization;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using ImageBackup.Ova.Blocks;
using ImageBackup.Ova.Deflate;
using ImageBackup.Ova.Deflate.Coding;
using ImageBackup.Ova.Tests.Blocks;
using ImageBackup.TestSupport;

namespace ImageBackup.Ova.Tests.Deflate;

/// <summary>
/// This project's deflate, read by other implementations. <c>IMAGEBACKUP_DEFLATE_INPUTS=1000000</c> in the environment tries so many inputs.
/// </summary>
public sealed partial class ManagedDeflaterTests : IDisposable
{
    private static readonly int Inputs = int.Parse(Environment.GetEnvironmentVariable("IMAGEBACKUP_DEFLATE_INPUTS") ?? "2000", CultureInfo.InvariantCulture);

    private readonly Scratch scratch = new();
    private readonly byte[] room = new byte[BlockSlot.StoredCapacity];

    [Theory]
    [InlineData(OvaCompression.Fast)]
    [InlineData(OvaCompression.Gzip)]
    public void Zlib_inflates_every_input_and_both_paths_give_the_same_output(OvaCompression compression)
    {
        using var vectors = Create(compression, vectors: true);
        using var plain = Create(compression, vectors: false);
        using var zlib = new RuntimeInflater();
        var other = new byte[room.Length];
        for (var number = 0; number < Inputs; number++)
        {
            var raw = DeflateInputs.Make(number);
            var length = vectors.Deflate(raw, room);
            var plainLength = plain.Deflate(raw, other);

            Assert.True(room.AsSpan(0, length).SequenceEqual(other.AsSpan(0, plainLength)), $"The paths differ for input {number}.");
            Assert.InRange(length, 1, StoredDeflate.LengthOf(raw.Length) + StoredDeflate.EmptyLength);
            var inflated = new byte[raw.Length];
            zlib.Inflate(room.AsSpan(0, length + BlockInflater.Tail), inflated);
            Assert.True(raw.AsSpan().SequenceEqual(inflated), $"Input {number} is inflated to other bytes.");
        }
    }

    [Theory]
    [InlineData(OvaCompression.Fast)]
    [InlineData(OvaCompression.Gzip)]
    public void Libdeflate_inflates_every_input(OvaCompression compression)
    {
        Requires.Library("libdeflate.so.0", "libdeflate0");
        using var deflater = Create(compression, vectors: true);
        var inflater = AllocDecompressor();
        for (var number = 0; number < Inputs; number++)
        {
            var raw = DeflateInputs.Make(number);
            var length = deflater.Deflate(raw, room);
            FinalBlock.CopyTo(room.AsSpan(length));
            var inflated = new byte[raw.Length];

            var failure = Decompress(inflater, room, (nuint)(length + 2), inflated, (nuint)inflated.Length, out var written);

            Assert.True(failure == 0 && (int)written == raw.Length && raw.AsSpan().SequenceEqual(inflated), $"Input {number}: {failure}");
        }

        FreeDecompressor(inflater);
    }

    [Theory]
    [InlineData(OvaCompression.Fast)]
    [InlineData(OvaCompression.Gzip)]
    public void Gzip_pigz_and_Python_inflate_joined_blocks(OvaCompression compression)
    {
        Requires.Programs("gzip", "pigz", "python3");
        var raw = Enumerable.Range(0, Math.Min(Inputs, 20_000)).Select(DeflateInputs.Make).Append(DeflateInputs.Fibonacci()).ToList();
        using (var file = File.Create(scratch["joined.gz"]))
        using (var deflater = Create(compression, vectors: true))
        {
            file.Write(GzipFormat.Header);
            raw.ForEach(bytes => file.Write(room, 0, deflater.Deflate(bytes, room)));
            file.Write(GzipFormat.Tail(Crc32.HashToUInt32(raw.SelectMany(bytes => bytes).ToArray()), raw.Sum(bytes => bytes.Length)));
        }

        Tool.Run("gzip", "-t", scratch["joined.gz"]);
        Tool.Run("pigz", "-t", scratch["joined.gz"]);
        Tool.Run("python3", "-c", "import gzip,sys; gzip.open(sys.argv[1]).read()", scratch["joined.gz"]);
    }

    [Theory]
    [InlineData(OvaCompression.Fast)]
    [InlineData(OvaCompression.Gzip)]
    public void Noise_grows_by_less_than_a_thousandth(OvaCompression compression)
    {
        using var deflater = Create(compression, vectors: true);

        Assert.InRange(deflater.Deflate(Scratch.Noise(VolumeBlocks.Size, 3), room), VolumeBlocks.Size, VolumeBlocks.Size + (VolumeBlocks.Size / 1000));
    }

    [Fact]
    public void Codes_are_limited_to_the_lengths_that_deflate_allows()
    {
        var raw = DeflateInputs.Fibonacci();
        using var deflater = Create(OvaCompression.Fast, vectors: true);
        using var zlib = new RuntimeInflater();
        var inflated = new byte[raw.Length];

        var length = deflater.Deflate(raw, room);

        zlib.Inflate(room.AsSpan(0, length + BlockInflater.Tail), inflated);
        Assert.Equal(raw, inflated);
    }

    [Fact]
    public void Output_that_does_not_fit_is_not_written_beyond_the_room()
    {
        using var deflater = Create(OvaCompression.Fast, vectors: true);
        var raw = Scratch.Mixed(200_000, 4);
        var needed = deflater.Deflate(raw, room);
        foreach (var length in new[] { DeflateCoder.Spare, 100, needed / 2, needed - 1, needed + DeflateCoder.Spare + 8 })
        {
            room.AsSpan().Fill(0xee);

            var written = deflater.Deflate(raw, room.AsSpan(0, length));

            Assert.Equal(length < needed ? 0 : needed, written);
            Assert.False(room.AsSpan(length).ContainsAnyExcept((byte)0xee), $"Bytes behind {length} were overwritten.");
        }
    }

    [Theory]
    [InlineData(OvaCompression.Fast, 1.10)]
    [InlineData(OvaCompression.Gzip, 1.02)]
    public async Task A_file_system_of_programs_and_logs_is_about_as_small_as_by_pigz(OvaCompression compression, double most)
    {
        Requires.Programs("mke2fs", "pigz");
        Directory.CreateDirectory(scratch["tree"]);
        foreach (var file in Directory.GetFiles(AppContext.BaseDirectory, "*.*").Where(file => Path.GetExtension(file) is ".dll" or ".json" or ".xsd" or ".xml"))
        {
            File.Copy(file, Path.Combine(scratch["tree"], Path.GetFileName(file)));
        }

        File.WriteAllBytes(Path.Combine(scratch["tree"], "log"), Scratch.Programs()[^2_000_000..]);
        Tool.Run("mke2fs", "-q", "-t", "ext4", "-d", scratch["tree"], scratch["volume"], "64M");
        Tool.Run("bash", "-ec", $"pigz -6 -c {scratch["volume"]} > {scratch["theirs"]}");

        var packed = await scratch.PackAsync(scratch["volume"], compression, new DataPathOptions { Engine = Scratch.Engine(isal: false) });

        Assert.InRange(packed.StoredSize, 1, (long)(new FileInfo(scratch["theirs"]).Length * most));
    }

    [Fact]
    public void Data_that_repeats_itself_very_often_is_searched_more_thoroughly()
    {
        using var adaptive = Create(OvaCompression.Fast, vectors: true);
        using var fast = new DeflateCoder(new FastMatchFinder(vectors: true));
        var raw = DeflateInputs.Documentation();

        var length = adaptive.Deflate(raw, room);

        Assert.InRange(length, 1, fast.Encode(raw, new byte[room.Length]) * 97 / 100);
    }

    [Fact]
    public void With_ISA_L_only_blocks_with_few_matches_are_deflated_by_our_code()
    {
        using var engine = Scratch.Engine(isal: true).CreateDeflater(OvaCompression.Fast);
        using var ours = Create(OvaCompression.Fast, vectors: true);
        var random = new Random(8);
        var records = Enumerable.Range(0, VolumeBlocks.Size).Select(_ => (byte)(random.Next(16) * random.Next(16))).ToArray();
        var programs = Scratch.Programs().AsSpan(0, VolumeBlocks.Size).ToArray();

        Assert.Equal(Deflate(ours, records), Deflate(engine, records));
        Assert.NotEqual(Deflate(ours, programs), Deflate(engine, programs));
    }

    [Fact]
    public unsafe void Lengths_of_matches_are_the_same_without_vectors()
    {
        var bytes = new byte[1000];
        var random = new Random(7);
        fixed (byte* memory = bytes)
        {
            for (var length = 0; length <= Alphabet.LongestMatch; length++)
            {
                random.NextBytes(bytes);
                bytes.AsSpan(0, length).CopyTo(bytes.AsSpan(500));
                bytes[500 + length] = (byte)~bytes[length];

                Assert.Equal(length, Matches.LengthAt(memory + 500, memory, Alphabet.LongestMatch));
                Assert.Equal(length, Matches.LongLength(memory + 500, memory, 0, Alphabet.LongestMatch));
            }
        }
    }

    public void Dispose() => scratch.Dispose();

    private static ReadOnlySpan<byte> FinalBlock => [3, 0];

    private byte[] Deflate(BlockDeflater deflater, byte[] raw) => room[..deflater.Deflate(raw, room)];

    private static ManagedDeflater Create(OvaCompression compression, bool vectors) =>
        compression == OvaCompression.Fast ? ManagedDeflater.Fast(vectors) : ManagedDeflater.Thorough(vectors);

    [LibraryImport("libdeflate.so.0", EntryPoint = "libdeflate_alloc_decompressor")]
    private static partial nint AllocDecompressor();

    [LibraryImport("libdeflate.so.0", EntryPoint = "libdeflate_deflate_decompress")]
    private static partial int Decompress(nint decompressor, byte[] stored, nuint storedLength, [Out] byte[] raw, nuint rawLength, out nuint written);

    [LibraryImport("libdeflate.so.0", EntryPoint = "libdeflate_free_decompressor")]
    private static partial void FreeDecompressor(nint decompressor);
}
