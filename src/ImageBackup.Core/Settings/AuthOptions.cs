using System.ComponentModel.DataAnnotations;

namespace ImageBackup.Core.Settings;

/// <summary>Section <c>ImageBackup:Auth</c>: how callers are authenticated.</summary>
public sealed class AuthOptions
{
    public const string Section = ImageBackupOptions.Section + ":Auth";

    /// <summary><c>None</c>: every caller is an administrator. <c>Embedded</c>: tokens of the service's own Keystone v3. <c>Keystone</c>: tokens of a real Keystone.</summary>
    [Required]
    [RegularExpression("^(?i:None|Embedded|Keystone)$", ErrorMessage = "None, Embedded or Keystone")]
    public string Mode { get; set; } = "None";

    /// <summary>Lets <see cref="Mode"/> <c>None</c> serve addresses other than loopback. Whoever reaches the port may then do everything.</summary>
    public bool AllowAnonymousRemote { get; set; }

    /// <summary>Further host names by which clients may call the service with <see cref="AllowAnonymousRemote"/>.</summary>
    public IList<string> AnonymousHosts { get; init; } = [];

    /// <summary>The id of the project <c>ibm-default</c>. With <see cref="Mode"/> <c>None</c>, requests without a project in their path use it.</summary>
    [Required]
    [RegularExpression(@"^[0-9a-f\-]+$", ErrorMessage = "hex digits and dashes")]
    public string ProjectId { get; set; } = "40a58846608e4e908c43b547d4dfb58c";

    /// <summary>Returns true if <see cref="Mode"/> is <paramref name="mode"/>, in any case.</summary>
    public bool Is(string mode) => string.Equals(Mode, mode, StringComparison.OrdinalIgnoreCase);
}
