using System.ComponentModel.DataAnnotations;

namespace ImageBackup.Identity.Users;

/// <summary>The settings of the embedded Keystone in section <c>ImageBackup:Auth</c>.</summary>
public sealed class IdentityOptions
{
    public const string Section = "ImageBackup:Auth";

    /// <summary>How long a token is valid. PowerVC's tokens are valid for 6 hours.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "30.00:00:00")]
    public TimeSpan TokenLifetime { get; set; } = TimeSpan.FromHours(6);

    /// <summary>The region in the catalog.</summary>
    [Required]
    public string Region { get; set; } = "RegionOne";

    /// <summary>A JSON file with further <see cref="Projects"/> and <see cref="Users"/>.</summary>
    public string? UsersFile { get; set; }

    /// <summary>Projects with a given id. A project that only a user names gets an id that its name determines.</summary>
    public IList<ProjectSettings> Projects { get; init; } = [];

    public IList<UserSettings> Users { get; init; } = [];
}

/// <summary><c>ImageBackup:Auth:Projects:0</c>.</summary>
public sealed class ProjectSettings
{
    public string? Name { get; set; }

    /// <summary>Hex digits and dashes.</summary>
    public string? Id { get; set; }
}

/// <summary><c>ImageBackup:Auth:Users:0</c>.</summary>
public sealed class UserSettings
{
    public string? Name { get; set; }

    /// <summary>Determined by the name if not set.</summary>
    public string? Id { get; set; }

    /// <summary>The password in plain text. Prefer <see cref="PasswordHash"/>.</summary>
    public string? Password { get; set; }

    /// <summary>The output of <c>hash-password</c>.</summary>
    public string? PasswordHash { get; set; }

    /// <summary>Names of the user's projects. The default is <c>ibm-default</c>.</summary>
    public IList<string> Projects { get; init; } = [];

    /// <summary><c>admin</c>, <c>member</c> or <c>reader</c> in each of the projects. The default is <c>member</c>.</summary>
    public IList<string> Roles { get; init; } = [];

    /// <summary>Roles in single projects, by the project's name. They replace <see cref="Roles"/> there.</summary>
    public IDictionary<string, IList<string>> ProjectRoles { get; init; } = new Dictionary<string, IList<string>>(StringComparer.OrdinalIgnoreCase);

    public IList<ApplicationCredentialSettings> ApplicationCredentials { get; init; } = [];
}

/// <summary><c>ImageBackup:Auth:Users:0:ApplicationCredentials:0</c>.</summary>
public sealed class ApplicationCredentialSettings
{
    public string? Name { get; set; }

    /// <summary>Determined by the user and the name if not set.</summary>
    public string? Id { get; set; }

    public string? Secret { get; set; }

    /// <summary>The output of <c>hash-password</c>.</summary>
    public string? SecretHash { get; set; }

    /// <summary>One of the user's projects. The default is the first.</summary>
    public string? Project { get; set; }

    /// <summary>Some of the user's roles in the project. The default is all of them.</summary>
    public IList<string> Roles { get; init; } = [];

    public DateTimeOffset? ExpiresAt { get; set; }
}
