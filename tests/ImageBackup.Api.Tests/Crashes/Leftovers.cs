using Microsoft.Data.Sqlite;

namespace ImageBackup.Api.Tests.Crashes;

/// <summary>What an operation must not leave in a data directory.</summary>
internal static class Leftovers
{
    /// <summary>Fails if there is scratch (but the file of a probe, which the next probe removes), an unfinished upload, a volume without a row or a row that an operation still holds.</summary>
    public static void AssertNone(string data)
    {
        var entries = Directory.GetFileSystemEntries(Path.Combine(data, "backup-nodes", "local")).Where(entry => !entry.EndsWith("/.probe", StringComparison.Ordinal));
        Assert.All(entries, entry => Assert.EndsWith(".ova", entry, StringComparison.Ordinal));
        Assert.All(Directory.GetFiles(Path.Combine(data, "volumes")), file => Assert.DoesNotContain(".partial", file, StringComparison.Ordinal));
        var uploads = Path.Combine(data, "cos", "cos-default", ".imagebackup", "uploads");
        Assert.Empty(Directory.Exists(uploads) ? Directory.GetFileSystemEntries(uploads) : []);
        using var db = new SqliteConnection($"Data Source={Path.Combine(data, "imagebackup.db")};Mode=ReadOnly;Pooling=false");
        db.Open();
        using var query = db.CreateCommand();
        query.CommandText = "SELECT COUNT(*) FROM volumes";
        Assert.Equal(Directory.GetFiles(Path.Combine(data, "volumes")).Length, Convert.ToInt32(query.ExecuteScalar()));
        query.CommandText = "SELECT COUNT(*) FROM volumes WHERE IsTemporary OR LogBookId IS NOT NULL OR Status <> 'available'";
        Assert.Equal(0, Convert.ToInt32(query.ExecuteScalar()));
    }
}
