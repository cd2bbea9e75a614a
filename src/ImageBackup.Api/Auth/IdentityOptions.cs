using System.ComponentModel.DataAnnotations;
using ImageBackup.Core.Settings;

namespace ImageBackup.Api.Auth;

/// <summary>Section <c>ImageBackup:Auth</c>, the part of the embedded Keystone.</summary>
internal sealed class IdentityOptions
{
    public const string Section = AuthOptions.Section;

    /// <summary>How long a token lives; PowerVC's are 6 hours.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "30.00:00:00", ErrorMessage = "ImageBackup:Auth:TokenLifetime must be from 00:00:01 to 30.00:00:00.")]
    public TimeSpan TokenLifetime { get; set; } = TimeSpan.FromHours(6);

    /// <summary>The region that the catalogue names.</summary>
    [Required(ErrorMessage = "ImageBackup:Auth:Region must not be empty.")]
    public string Region { get; set; } = "RegionOne";

    /// <summary>A JSON file with <see cref="Projects"/> and <see cref="Users"/>, which come on top of those in the settings.</summary>
    public string? UsersFile { get; set; }

    /// <summary>Projects whose ids are given; one that only a user names gets an id that its name decides.</summary>
    public IList<ProjectSettings> Projects { get; init; } = [];

    public IList<UserSettings> Users { get; init; } = [];
}

/// <summary><c>ImageBackup:Auth:Projects:0</c>.</summary>
internal sealed class ProjectSettings
{
    public string? Name { get; set; }

    /// <summary>Hex digits and dashes.</summary>
    public string? Id { get; set; }
}

/// <summary><c>ImageBackup:Auth:Users:0</c>.</summary>
internal sealed class UserSettings
{
    public string? Name { get; set; }

    /// <summary>Left out, the name decides the id.</summary>
    public string? Id { get; set; }

    /// <summary>The password in plain text; <see cref="PasswordHash"/> is better.</summary>
    public string? Password { get; set; }

    /// <summary>See <see cref="Auth.PasswordHash"/>.</summary>
    public string? PasswordHash { get; set; }

    /// <summary>Names of the projects the user has <see cref="Roles"/> in; <c>ibm-default</c> where none is named.</summary>
    public IList<string> Projects { get; init; } = [];

    /// <summary><c>admin</c>, <c>member</c> or <c>reader</c>; <c>member</c> where none is named.</summary>
    public IList<string> Roles { get; init; } = [];

    /// <summary>By the name of one of <see cref="Projects"/>: the roles there, in place of <see cref="Roles"/>.</summary>
    public IDictionary<string, IList<string>> ProjectRoles { get; init; } = new Dictionary<string, IList<string>>(StringComparer.OrdinalIgnoreCase);

    public IList<ApplicationCredentialSettings> ApplicationCredentials { get; init; } = [];
}

/// <summary><c>ImageBackup:Auth:Users:0:ApplicationCredentials:0</c>: a secret for a program, which can do no more than its user.</summary>
internal sealed class ApplicationCredentialSettings
{
    public string? Name { get; set; }

    /// <summary>Left out, the user and the name decide the id.</summary>
    public string? Id { get; set; }

    public string? Secret { get; set; }

    /// <summary>See <see cref="PasswordHash"/>.</summary>
    public string? SecretHash { get; set; }

    /// <summary>One of the user's projects; the user's first where it is left out.</summary>
    public string? Project { get; set; }

    /// <summary>Some of the user's roles in that project; all of them where none is named.</summary>
    public IList<string> Roles { get; init; } = [];

    public DateTimeOffset? ExpiresAt { get; set; }
}
