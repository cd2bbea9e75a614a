using System.ComponentModel.DataAnnotations;

namespace ImageBackup.Core.Settings;

/// <summary>Section <c>ImageBackup:Auth</c>: who may call.</summary>
public sealed class AuthOptions
{
    public const string Section = ImageBackupOptions.Section + ":Auth";

    /// <summary><c>None</c>: everybody who reaches the service is an administrator.</summary>
    /// <remarks><c>Embedded</c>: tokens of the service's own Keystone v3. <c>Keystone</c>: tokens that a real Keystone vouches for.</remarks>
    [Required]
    [RegularExpression("^(?i:None|Embedded|Keystone)$", ErrorMessage = "None, Embedded or Keystone")]
    public string Mode { get; set; } = "None";

    /// <summary>Lets <see cref="Mode"/> <c>None</c> serve other addresses than loopback: whoever reaches the port may then do everything.</summary>
    public bool AllowAnonymousRemote { get; set; }

    /// <summary>The project <c>ibm-default</c>: with <see cref="Mode"/> <c>None</c> also that of requests whose path names none, such as <c>/v2/images</c>.</summary>
    [Required]
    [RegularExpression(@"^[0-9a-f\-]+$", ErrorMessage = "hex digits and dashes")]
    public string ProjectId { get; set; } = "40a58846608e4e908c43b547d4dfb58c";

    /// <summary>True where <see cref="Mode"/> is <paramref name="mode"/>, in any case.</summary>
    public bool Is(string mode) => string.Equals(Mode, mode, StringComparison.OrdinalIgnoreCase);
}
