using ImageBackup.Disks.Opening;
using ImageBackup.Disks.Writing;

namespace ImageBackup.Disks.Tests.Support;

/// <summary>Compares what is read from an image with what qemu-img reads from it.</summary>
internal static class Judge
{
    /// <summary>Reads an image in every way and compares each with <c>qemu-img convert -O raw</c>.</summary>
    /// <returns>The guest's bytes.</returns>
    public static async Task<byte[]> ReadsAsQemuDoesAsync(Scratch scratch, string image, DiskFormat format, string qemuFormat)
    {
        Tool.QemuImg("convert", "-f", qemuFormat, "-O", "raw", image, scratch["expected.raw"]);
        var expected = File.ReadAllBytes(scratch["expected.raw"]);
        await ReadsAsync(scratch, image, format, expected);
        return expected;
    }

    /// <summary>Reads an image in every way and compares each with the bytes expected.</summary>
    public static async Task ReadsAsync(Scratch scratch, string image, DiskFormat format, byte[] expected)
    {
        using var opened = DiskImages.Open(new FileSource(image), new DiskOpenOptions(), CancellationToken.None);
        Assert.Equal(format, opened.Format);
        Assert.Equal(expected.Length, opened.Length);

        await IsWrittenAsync(scratch, opened, expected);
        await IsStreamedAsync(opened, expected);
        IsReadAnywhere(opened.Guest!, expected);
        NextDataSkipsZerosOnly(opened.Guest!, expected);
    }

    public static async Task IsStreamedAsync(DiskImage image, byte[] expected)
    {
        var next = 0L;
        await foreach (var extent in image.ReadAsync(CancellationToken.None))
        {
            Assert.Equal(next, extent.Offset);
            Assert.InRange(extent.Length, 1, expected.Length - next);
            var part = expected.AsSpan((int)extent.Offset, (int)extent.Length);
            Assert.True(extent.IsHole ? !part.ContainsAnyExcept((byte)0) : extent.Data.Span.SequenceEqual(part), $"The extent at {extent.Offset} differs.");
            next += extent.Length;
        }

        Assert.Equal(expected.Length, next);
    }

    public static async Task IsWrittenAsync(Scratch scratch, DiskImage image, byte[] expected)
    {
        using (var target = File.OpenHandle(scratch["written.raw"], FileMode.Create, FileAccess.Write))
        {
            Assert.Equal(expected.Length, await RawWriter.WriteAsync(image, target, null, CancellationToken.None));
        }

        Assert.True((File.ReadAllBytes(scratch["written.raw"])).AsSpan().SequenceEqual(expected), "The written disk differs.");
    }

    public static byte[] Read(DiskSource guest, long offset, int length)
    {
        var bytes = new byte[length];
        guest.Read(bytes, offset);
        return bytes;
    }

    public static byte[] Filled(int length, byte value)
    {
        var bytes = new byte[length];
        Array.Fill(bytes, value);
        return bytes;
    }

    private static void IsReadAnywhere(DiskSource guest, byte[] expected)
    {
        var random = new Random(1);
        for (var i = 0; i < 50 && expected.Length > 0; i++)
        {
            var offset = random.Next(expected.Length);
            var part = new byte[random.Next(1, Math.Min(300_000, expected.Length - offset + 1))];
            random.NextBytes(part);
            guest.Read(part, offset);
            Assert.True(part.AsSpan().SequenceEqual(expected.AsSpan(offset, part.Length)), $"{part.Length} bytes at {offset} differ.");
        }
    }

    private static void NextDataSkipsZerosOnly(DiskSource guest, byte[] expected)
    {
        var random = new Random(2);
        for (var i = 0; i < 50 && expected.Length > 0; i++)
        {
            var offset = random.Next(expected.Length);
            var data = guest.NextData(offset);
            Assert.InRange(data, offset, expected.Length);
            Assert.False(expected.AsSpan(offset, (int)data - offset).ContainsAnyExcept((byte)0), $"Data between {offset} and {data} is skipped.");
        }
    }
}
