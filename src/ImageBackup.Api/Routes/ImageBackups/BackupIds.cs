using ImageBackup.Core.Backups;

namespace ImageBackup.Api.Routes.ImageBackups;

/// <summary>Reads ids in paths: what is no integer names no backup.</summary>
internal static class BackupIds
{
    public static int Parse(string id)
        => int.TryParse(id, System.Globalization.NumberStyles.None, null, out var number) ? number : throw BackupStore.NotFound(id);
}
