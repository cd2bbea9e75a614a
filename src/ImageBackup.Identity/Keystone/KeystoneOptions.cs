using System.ComponentModel.DataAnnotations;
using ImageBackup.Identity.Users;
using Microsoft.Extensions.Options;

namespace ImageBackup.Identity.Keystone;

/// <summary>Section <c>ImageBackup:Auth:Keystone</c>: the real Keystone, and the service user that validates tokens there.</summary>
public sealed class KeystoneOptions : IValidatableObject
{
    public const string Section = IdentityOptions.Section + ":Keystone";

    /// <summary>Keystone's address, such as <c>https://powervc.example:5000/v3</c>. <c>/v3</c> is optional.</summary>
    public string? AuthUrl { get; set; }

    /// <summary>The address that a 401 names, if clients reach Keystone by another address than the service.</summary>
    public string? PublicUrl { get; set; }

    /// <summary>A user with Keystone's role <c>admin</c> or <c>service</c>, which may validate tokens.</summary>
    public string? Username { get; set; }

    public string? Password { get; set; }

    /// <summary>A file with the password in its first line. Replaces <see cref="Password"/>.</summary>
    public string? PasswordFile { get; set; }

    public string UserDomainName { get; set; } = "Default";

    public string ProjectName { get; set; } = "service";

    public string ProjectDomainName { get; set; } = "Default";

    /// <summary>How long an answer of Keystone is reused. A revoked token works that much longer.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan CacheTime { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How long one request to Keystone may take.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:02:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Further role names of this Keystone, such as <c>image_manager</c>, each with the equivalent <c>admin</c>, <c>member</c> or <c>reader</c>.</summary>
    public IDictionary<string, string> Roles { get; init; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Keystone's address with <c>/v3/</c>.</summary>
    public Uri BaseAddress
    {
        get
        {
            var url = (AuthUrl ?? "").TrimEnd('/');
            return new Uri(url.EndsWith("/v3", StringComparison.Ordinal) ? url + "/" : url + "/v3/");
        }
    }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var (role, meaning) in Roles)
        {
            if (!RoleNames.All.Contains(meaning, StringComparer.Ordinal))
            {
                yield return new ValidationResult($"{Section}:Roles:{role} must be one of {string.Join(", ", RoleNames.All)}, not '{meaning}'.");
            }
        }
    }

    /// <summary>Checks the settings that <c>Auth:Mode Keystone</c> requires.</summary>
    /// <exception cref="OptionsValidationException">A setting is missing. The message names the key.</exception>
    public void RequireComplete()
    {
        var problem = !Uri.TryCreate(AuthUrl, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https")
                ? $"{Section}:AuthUrl must be Keystone's address, such as https://powervc.example:5000/v3."
            : string.IsNullOrEmpty(Username) ? $"{Section}:Username must name a user who may validate tokens."
            : string.IsNullOrEmpty(Password) == string.IsNullOrEmpty(PasswordFile) ? $"{Section}: give either Password or PasswordFile."
            : null;
        if (problem is not null)
        {
            throw new OptionsValidationException(Section, typeof(KeystoneOptions), [problem]);
        }
    }
}
