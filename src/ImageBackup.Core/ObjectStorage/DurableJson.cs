using System.Text.Json;
using ImageBackup.Ova.IO;

namespace ImageBackup.Core.ObjectStorage;

/// <summary>Small JSON files that are there whole or not at all.</summary>
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

    public static T Read<T>(string path)
        where T : class
    {
        using var file = File.OpenRead(path);
        return JsonSerializer.Deserialize<T>(file) ?? throw new InvalidDataException($"{path} is empty.");
    }

    /// <summary>Null where there is no such file, or no longer.</summary>
    public static T? Find<T>(string path)
        where T : class
    {
        try
        {
            return Read<T>(path);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }
}
