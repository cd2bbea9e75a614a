using ImageBackup.Ova.Archive;

namespace ImageBackup.Ova.Tests.Archive;

public sealed class ArchiveNameTests
{
    [Theory]
    [InlineData("daily.ova", "daily", ".ova")]
    [InlineData("daily.OVA.gz", "daily", ".OVA.gz")]
    [InlineData("a.ova.b.ova", "a.ova.b", ".ova")]
    [InlineData("disk.raw", "disk.raw", "")]
    [InlineData("notes.gz", "notes.gz", "")]
    public void An_archive_name_has_the_extension_ova_or_ova_gz(string name, string stem, string extension)
    {
        Assert.Equal(extension.Length > 0, ArchiveName.IsArchive(name));
        Assert.Equal((stem, extension), ArchiveName.Split(name));
    }
}
