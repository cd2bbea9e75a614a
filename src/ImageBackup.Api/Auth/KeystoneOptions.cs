using System.ComponentModel.DataAnnotations;
using ImageBackup.Core.Settings;

namespace ImageBackup.Api.Auth;

/// <summary>Section <c>ImageBackup:Auth:Keystone</c>: the real Keystone, and the user that the service asks it as.</summary>
internal sealed class KeystoneOptions : IValidatableObject
{
    public const string Section = AuthOptions.Section + ":Keystone";

    /// <summary>Such as <c>https://powervc.example:5000/v3</c>; <c>/v3</c> may be left out.</summary>
    public string? AuthUrl { get; set; }

    /// <summary>What a 401 tells clients, where they reach Keystone by another address than the service does.</summary>
    public string? PublicUrl { get; set; }

    /// <summary>A user who may validate tokens (Keystone's role <c>admin</c> or <c>service</c>).</summary>
    public string? Username { get; set; }

    public string? Password { get; set; }

    /// <summary>A file whose first line is the password, instead of <see cref="Password"/>.</summary>
    public string? PasswordFile { get; set; }

    public string UserDomainName { get; set; } = "Default";

    public string ProjectName { get; set; } = "service";

    public string ProjectDomainName { get; set; } = "Default";

    /// <summary>How long an answer of Keystone's counts; a revoked token works that much longer.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00", ErrorMessage = "ImageBackup:Auth:Keystone:CacheTime must be from 00:00:00 to 01:00:00.")]
    public TimeSpan CacheTime { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How long Keystone may take to answer.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:02:00", ErrorMessage = "ImageBackup:Auth:Keystone:Timeout must be from 00:00:00.100 to 00:02:00.")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Further role names of that Keystone, such as <c>image_manager</c>, and which of <c>admin</c>, <c>member</c> and <c>reader</c> each stands for.</summary>
    public IDictionary<string, string> Roles { get; init; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Keystone's base with <c>/v3/</c>.</summary>
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

    /// <summary>What <c>Auth:Mode Keystone</c> can't do without.</summary>
    /// <exception cref="InvalidOperationException">Something is missing; the message names the key.</exception>
    public void DemandComplete()
    {
        if (!Uri.TryCreate(AuthUrl, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
        {
            throw new InvalidOperationException($"{Section}:AuthUrl must be Keystone's address, such as https://powervc.example:5000/v3.");
        }

        if (string.IsNullOrEmpty(Username))
        {
            throw new InvalidOperationException($"{Section}:Username must name a user who may validate tokens.");
        }

        if (string.IsNullOrEmpty(Password) == string.IsNullOrEmpty(PasswordFile))
        {
            throw new InvalidOperationException($"{Section}: give either Password or PasswordFile.");
        }
    }
}
