using System.IO.Hashing;
using ImageBackup.Ova.Blocks;
using ImageBackup.Ova.Deflate;
using ImageBackup.Ova.Tests.Blocks;

namespace ImageBackup.Ova.Tests.Deflate;

public sealed class Crc32CombinerTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    [InlineData(0, 1)]
    [InlineData(7, 13)]
    [InlineData(100_000, VolumeBlocks.Size)]
    [InlineData(3, VolumeBlocks.Size + 1)]
    public void The_CRCs_of_two_parts_combine_to_that_of_the_whole(int first, int second)
    {
        var bytes = Scratch.Noise(first + second, first + 1);

        var combined = Crc32Combiner.Combine(Crc32.HashToUInt32(bytes.AsSpan(0, first)), Crc32.HashToUInt32(bytes.AsSpan(first)), second);

        Assert.Equal(Crc32.HashToUInt32(bytes), combined);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(65_537)]
    [InlineData(5 * VolumeBlocks.Size)]
    public void Zeros_are_appended_without_reading_them(int zeros)
    {
        byte[] bytes = [.. Scratch.Noise(999, 3), .. new byte[zeros]];

        Assert.Equal(Crc32.HashToUInt32(bytes), Crc32Combiner.AppendZeros(Crc32.HashToUInt32(bytes.AsSpan(0, 999)), zeros));
    }

    [Fact]
    public void More_than_4_GiB_of_zeros_can_be_appended_in_halves()
    {
        const long Half = (5L << 30) + 3;

        Assert.Equal(Crc32Combiner.AppendZeros(77, 2 * Half), Crc32Combiner.AppendZeros(Crc32Combiner.AppendZeros(77, Half), Half));
    }
}
