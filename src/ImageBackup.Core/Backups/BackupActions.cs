namespace ImageBackup.Core.Backups;

/// <summary>What a progress document can be of: the words of <c>get_progress?action=</c>.</summary>
public static class BackupActions
{
    public const string Export = "export";
    public const string Import = "import";
    public const string Upload = "upload";
    public const string Download = "download";
    public const string Verify = "verify";

    public static readonly IReadOnlyList<string> All = [Export, Import, Upload, Download, Verify];
}
