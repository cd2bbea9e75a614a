using Microsoft.EntityFrameworkCore;

namespace ImageBackup.TestSupport;

/// <summary>Everything that an operation could leave behind: files, node directories, rows. Equal footprints before and after show that nothing was left.</summary>
public static class Footprint
{
    /// <summary>Returns one line for each file, node directory and row. <paramref name="withBackups"/> adds the records of image backups.</summary>
    public static async Task<IReadOnlyList<string>> TakeAsync(ServiceFixture service, bool withBackups = false)
    {
        var lines = new List<string>();
        await using var db = service.OpenDatabase();
        lines.AddRange(await db.Volumes.Select(volume => $"volume {volume.Id} {volume.Status}").ToListAsync());
        lines.AddRange(await db.Images.Select(image => $"image {image.Id} {image.Status}").ToListAsync());
        if (withBackups)
        {
            lines.AddRange((await db.Backups.ToListAsync()).Select(backup => $"backup {backup.Id} {backup.Status}"));
            lines.Add($"{await db.LogBooks.CountAsync()} log books");
        }

        lines.AddRange(Directory.EnumerateDirectories(service.Paths.BackupNodes, "*", SearchOption.AllDirectories).Select(Name));
        lines.AddRange(Directory.EnumerateFiles(service.DataDirectory, "*", SearchOption.AllDirectories).Select(Name).Where(IsOfOperations));
        lines.Sort(StringComparer.Ordinal);
        return lines;

        string Name(string path) => Path.GetRelativePath(service.DataDirectory, path);
    }

    private static bool IsOfOperations(string file)
        => !file.StartsWith("imagebackup.db", StringComparison.Ordinal) && !file.StartsWith("keys/", StringComparison.Ordinal);
}
