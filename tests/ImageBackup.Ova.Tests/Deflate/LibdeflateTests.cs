using ImageBackup.Ova.Blocks;
using ImageBackup.Ova.Deflate;
using ImageBackup.Ova.Tests.Blocks;
using ImageBackup.TestSupport;

namespace ImageBackup.Ova.Tests.Deflate;

/// <summary>libdeflate's streams made into blocks that can be joined.</summary>
public sealed class LibdeflateTests
{
    [Fact]
    public void Blocks_of_every_kind_and_length_are_inflated_in_a_row()
    {
        Requires.Library("libdeflate.so.0", "libdeflate0");
        Assert.True(Libdeflate.IsUsable);
        using var deflater = new LibdeflateDeflater();
        using var inflater = new RuntimeInflater();
        var random = new Random(11);
        var stored = new List<byte>();
        var raw = new List<byte>();
        var room = new byte[VolumeBlocks.Size + 4096];
        for (var i = 0; i < 120; i++)
        {
            var length = i < 40 ? i + 1 : random.Next(1, 200_000);
            var block = i % 7 == 0 ? Scratch.Noise(length, i) : Scratch.Mixed(length, i);
            var written = deflater.Deflate(block, room);
            inflater.Inflate([.. room[..written], 0, 0], new byte[length]);
            stored.AddRange(room[..written]);
            raw.AddRange(block);
        }

        var inflated = new byte[raw.Count];
        inflater.Inflate([.. stored, 0, 0], inflated);

        Assert.Equal(raw, inflated);
    }

    [Fact]
    public void Scanning_invalid_data_ends()
    {
        var scanner = new DeflateScanner();
        var random = new Random(12);

        for (var i = 0; i < 3000; i++)
        {
            var bytes = new byte[random.Next(0, 400)];
            random.NextBytes(bytes);
            var refusal = Record.Exception(() => scanner.Scan(bytes));

            Assert.True(refusal is null or InvalidDataException, $"run {i}: {refusal}");
        }
    }
}
