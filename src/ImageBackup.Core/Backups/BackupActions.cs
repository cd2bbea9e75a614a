namespace ImageBackup.Core.Backups;

/// <summary>The operations on image backups.</summary>
public static class BackupActions
{
    public const string Export = "export";
    public const string Import = "import";
    public const string Upload = "upload";
    public const string Download = "download";
    public const string Verify = "verify";
    public const string Delete = "delete";

    /// <summary>The words that <c>get_progress?action=</c> accepts.</summary>
    public static readonly IReadOnlyList<string> All = [Export, Import, Upload, Download, Verify];
}
