using ImageBackup.Core.ObjectStorage;

namespace ImageBackup.Core.Tests.ObjectStorage;

public sealed class PartSizesTests
{
    private const long Mebibyte = 1L << 20;

    [Theory]
    [InlineData(0L, 16)]
    [InlineData(160_000L * Mebibyte, 16)]
    [InlineData((160_000L * Mebibyte) + 1, 17)]
    [InlineData(5L << 40, 525)]
    public void Parts_grow_so_that_ten_thousand_are_enough(long length, long expectedMiB)
    {
        var partSize = PartSizes.For("archive.ova", length, 16);

        Assert.Equal(expectedMiB * Mebibyte, partSize);
        Assert.InRange(PartSizes.Count(length, partSize), 0, PartSizes.MaxParts);
    }

    [Fact]
    public void A_file_larger_than_any_object_is_refused_with_both_sizes()
    {
        var failure = Assert.Throws<ObjectStoreException>(() => PartSizes.For("archive.ova", (5L << 40) + 1, 16));

        Assert.Equal(ObjectStoreError.Refused, failure.Error);
        Assert.Contains("5497558138881", failure.Message, StringComparison.Ordinal);
        Assert.Contains("5497558138880", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Ranges_cover_each_byte_once()
    {
        var end = 0L;
        for (var number = 1; number <= PartSizes.Count(47, 10); number++)
        {
            var range = PartSizes.Range(number, 47, 10);
            Assert.Equal(end, range.Offset);
            end = range.End;
        }

        Assert.Equal(47, end);
    }
}
