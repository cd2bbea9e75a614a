using System.ComponentModel.DataAnnotations;
using ImageBackup.Core.Settings;

namespace ImageBackup.Api.Http;

/// <summary>Section <c>ImageBackup:Api</c>.</summary>
internal sealed class ApiOptions
{
    public const string Section = ImageBackupOptions.Section + ":Api";

    /// <summary>The highest microversion that the service accepts. IBM does not publish PowerVC's.</summary>
    [RegularExpression(@"^3\.\d{1,4}$", ErrorMessage = "a microversion such as 3.71")]
    public string MaxMicroversion { get; set; } = "3.71";
}
