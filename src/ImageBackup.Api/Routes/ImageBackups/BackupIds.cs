using ImageBackup.Core.Backups;

namespace ImageBackup.Api.Routes.ImageBackups;

/// <summary>Reads ids in paths.</summary>
internal static class BackupIds
{
    /// <summary>Returns the id.</summary>
    /// <exception cref="Core.Errors.NotFoundException">The text is not a number, so no image backup has it.</exception>
    public static int Parse(string id)
        => int.TryParse(id, System.Globalization.NumberStyles.None, null, out var number) ? number : throw BackupStore.NotFound(id);
}
