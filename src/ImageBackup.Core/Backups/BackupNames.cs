using System.Text;

namespace ImageBackup.Core.Backups;

/// <summary>The names of flows, tasks, files and directories. They have the shapes of IBM's "Export or import image" page.</summary>
public static class BackupNames
{
    private const int NamePart = 12;
    private const int IdPart = 16;
    private const int LongestFileName = 200;

    public const string ExportFlow = "ExportFlow";
    public const string PreImportFlow = "PreImportFlow";
    public const string ImportFlow = "ImportFlow";
    public const string UploadFlow = "UploadFlow";
    public const string MoveFlow = "MoveFlow";
    public const string DownloadFlow = "DownloadFlow";
    public const string VerifyFlow = "VerifyFlow";
    public const string DeleteFlow = "DeleteFlow";

    public const string UpdateTask = "update_task";

    public static string TempVolume(string volumeId, int backupId) => $"temp_vol_{volumeId}_{backupId}";

    public static string BackupVolume(string volumeId, int backupId) => $"backup_vol_{volumeId}_{backupId}";

    public static string DeleteVolume(string volumeId, int backupId) => $"delete_vol_{volumeId}_{backupId}";

    public static string CreateOva(int backupId) => $"create_ova_{backupId}";

    public static string UploadOva(int backupId) => $"upload_ova_{backupId}";

    public static string DownloadOva(int backupId) => $"download_ova_{backupId}";

    public static string VerifyOva(int backupId) => $"verify_ova_{backupId}";

    public static string DeleteObject(int backupId) => $"delete_object_{backupId}";

    public static string DeleteOva(int backupId) => $"delete_ova_{backupId}";

    public static string ExtractOva(string ovaName) => $"extract_ova_{ovaName}";

    public static string InspectDisk(string fileName) => $"inspect_disk_{fileName}";

    /// <summary>The restored volume's name. <paramref name="uuid1"/> is a time-based UUID.</summary>
    public static string Restored(string uuid1, int backupId) => $"restored_{uuid1}_{backupId}";

    public static string CreateMap(string restored) => $"create_map_{restored}";

    public static string Restore(string cinderBackupId) => $"restore_{cinderBackupId}";

    public static string CreateImage(string name) => $"create_image_{name}";

    public static string UpdateImage(string name) => $"update_img_{name}";

    /// <summary><c>dummycoreos-36febdd1-98a5-4f_63</c>: 12 characters of the name, 16 of the id, and the backup's id.</summary>
    public static string Shortened(string name, string id, int backupId) => $"{Cut(ForFile(name), NamePart)}-{Cut(id, IdPart)}_{backupId}";

    /// <summary><c>Export-Image-to-Backup_node_29.ova</c>.</summary>
    public static string Ova(string backupName, int backupId) => $"{Cut(ForFile(backupName), LongestFileName)}_{backupId}.ova";

    /// <summary>The member of a volume, as powervc-image names it. Dots are replaced, because the restored volume's name contains it.</summary>
    public static string Member(string imageName, int number) => $"Image_{Cut(ForFile(imageName).Replace('.', '-'), LongestFileName)}_volume_{number}";

    /// <summary>The prefix of the files of a volume's backup, as Cinder's posix driver names them.</summary>
    public static string ServiceMetadata(string tempVolumeId, DateTime startedAt, string cinderBackupId)
        => $"volume_{tempVolumeId}_{startedAt:yyyyMMddHHmmss}_backup_{cinderBackupId}";

    /// <summary>Makes a file name from any name: letters, digits, dot, dash and underscore, no leading dot, not empty.</summary>
    public static string ForFile(string name)
    {
        var safe = new StringBuilder(name.Length);
        foreach (var character in name)
        {
            safe.Append(char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.' ? character : '_');
        }

        return safe.ToString().TrimStart('.') is { Length: > 0 } usable ? usable : "_";
    }

    private static string Cut(string text, int length) => text.Length <= length ? text : text[..length];
}
