using System.Security.Cryptography;
using ImageBackup.Ova.IO;

namespace ImageBackup.Ova.Tests.IO;

public sealed class NativeFileTests : IDisposable
{
    private const int Extent = 1 << 20;
    private readonly TempDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public void Data_and_holes_are_found_in_order()
    {
        var path = SparseFile("sparse", length: 64L * Extent, extents: [4L * Extent, 40L * Extent]);
        using var file = File.OpenHandle(path);

        Assert.Equal(4L * Extent, NativeFile.NextData(file, 0));
        Assert.Equal(5L * Extent, NativeFile.NextHole(file, 4L * Extent));
        Assert.Equal(40L * Extent, NativeFile.NextData(file, 5L * Extent));
        Assert.Equal(64L * Extent, NativeFile.NextData(file, 41L * Extent));
        Assert.Equal(64L * Extent, NativeFile.NextHole(file, 64L * Extent));
    }

    [Fact]
    public void A_range_is_copied_to_its_offset_up_to_the_end_of_the_source()
    {
        var bytes = RandomNumberGenerator.GetBytes(3 * Extent + 17);
        File.WriteAllBytes(directory["source"], bytes);
        using var source = File.OpenHandle(directory["source"]);
        long copied;

        using (var target = File.OpenHandle(directory["target"], FileMode.CreateNew, FileAccess.Write))
        {
            copied = FileCopy.CopyRange(source, 5, target, 100, 10L * Extent);
        }

        Assert.Equal(bytes.Length - 5, copied);
        Assert.Equal(bytes[5..], File.ReadAllBytes(directory["target"])[100..]);
    }

    [Fact]
    public void A_punched_range_reads_as_zeros_and_the_length_stays()
    {
        var bytes = RandomNumberGenerator.GetBytes(4 * Extent);
        File.WriteAllBytes(directory["file"], bytes);

        using (var file = File.OpenHandle(directory["file"], FileMode.Open, FileAccess.ReadWrite))
        {
            NativeFile.PunchHole(file, Extent, 2 * Extent);
            NativeFile.PunchHole(file, 4 * Extent, Extent);
        }

        bytes.AsSpan(Extent, 2 * Extent).Clear();
        Assert.Equal(bytes, File.ReadAllBytes(directory["file"]));
    }

    [Fact]
    public void A_hard_link_is_the_same_file_and_an_existing_name_is_refused()
    {
        File.WriteAllText(directory["one"], "first");

        FileCopy.HardLink(directory["one"], directory["two"]);

        File.AppendAllText(directory["one"], " and more");
        Assert.Equal("first and more", File.ReadAllText(directory["two"]));
        Assert.Throws<IOException>(() => FileCopy.HardLink(directory["one"], directory["two"]));
    }

    [Fact]
    public void A_sparse_copy_has_the_same_bytes_and_the_same_holes()
    {
        var path = SparseFile("sparse", length: 64L * Extent + 5, extents: [0, 40L * Extent]);

        FileCopy.CopySparse(path, directory["copy"]);

        using var copy = File.OpenHandle(directory["copy"]);
        Assert.Equal(Extent, NativeFile.NextHole(copy, 0));
        Assert.Equal(40L * Extent, NativeFile.NextData(copy, Extent));
        Assert.Equal(SHA256.HashData(File.ReadAllBytes(path)), SHA256.HashData(File.ReadAllBytes(directory["copy"])));
    }

    [Fact]
    public void A_directory_can_be_synced_and_a_missing_one_is_named()
    {
        NativeFile.SyncDirectory(directory.Path);

        var failure = Assert.Throws<IOException>(() => NativeFile.SyncDirectory(directory["nowhere"]));

        Assert.Contains("nowhere", failure.Message, StringComparison.Ordinal);
    }

    private string SparseFile(string name, long length, long[] extents)
    {
        using var file = File.OpenHandle(directory[name], FileMode.CreateNew, FileAccess.Write);
        RandomAccess.SetLength(file, length);
        foreach (var extent in extents)
        {
            RandomAccess.Write(file, RandomNumberGenerator.GetBytes(Extent), extent);
        }

        return directory[name];
    }
}
