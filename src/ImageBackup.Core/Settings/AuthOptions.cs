using System.ComponentModel.DataAnnotations;

namespace ImageBackup.Core.Settings;

/// <summary>Section <c>ImageBackup:Auth</c>: who may call.</summary>
public sealed class AuthOptions
{
    public const string Section = ImageBackupOptions.Section + ":Auth";

    /// <summary><c>None</c>: everybody who reaches the service is an administrator.</summary>
    [Required]
    [RegularExpression("^(?i:None|Embedded|Keystone)$", ErrorMessage = "ImageBackup:Auth:Mode must be None, Embedded or Keystone.")]
    public string Mode { get; set; } = "None";

    /// <summary>With <see cref="Mode"/> <c>None</c>: the project of requests whose path names none, such as <c>/v2/images</c>.</summary>
    [Required]
    [RegularExpression(@"^[0-9a-f\-]+$", ErrorMessage = "ImageBackup:Auth:ProjectId must be hex digits and dashes.")]
    public string ProjectId { get; set; } = "40a58846608e4e908c43b547d4dfb58c";
}
