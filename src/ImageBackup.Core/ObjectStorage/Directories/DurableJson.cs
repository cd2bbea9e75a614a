using System.Text.Json;
using ImageBackup.Disks;
using ImageBackup.Ova.IO;

namespace ImageBackup.Core.ObjectStorage.Directories;

/// <summary>Small JSON files that are complete or absent, also after a crash.</summary>
internal static class DurableJson
{
    public static void Write<T>(string path, T value)
    {
        var temporary = $"{path}.{Guid.NewGuid():n}";
        using (var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write))
        {
            JsonSerializer.Serialize(file, value);
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
        NativeFile.SyncDirectory(Path.GetDirectoryName(path)!);
    }

    /// <summary>Returns null when the file does not exist, or no longer.</summary>
    public static T? Find<T>(string path)
        where T : class
    {
        try
        {
            using var file = new FileStream(RegularFile.Open(path), FileAccess.Read);
            return JsonSerializer.Deserialize<T>(file);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }
}
