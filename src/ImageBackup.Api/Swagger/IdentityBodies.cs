using System.ComponentModel.DataAnnotations;

namespace ImageBackup.Api.Swagger;

// A log-in as the document shows it; AuthRequest reads it.

/// <summary>A log-in.</summary>
internal sealed class AuthDocument
{
    /// <summary>The log-in.</summary>
    [Required]
    public AuthFields Auth { get; init; } = new();
}

/// <summary>Who, and for what.</summary>
internal sealed class AuthFields
{
    /// <summary>Who logs in, and how.</summary>
    [Required]
    public AuthIdentityFields Identity { get; init; } = new();

    /// <summary>The project the token is for. Left out: none; an application credential decides it itself.</summary>
    public AuthScopeFields? Scope { get; init; }
}

/// <summary>How somebody logs in.</summary>
internal sealed class AuthIdentityFields
{
    /// <summary>password, token or application_credential.</summary>
    [Required]
    public IReadOnlyList<string> Methods { get; init; } = [];

    /// <summary>With the method password.</summary>
    public AuthPasswordFields? Password { get; init; }

    /// <summary>With the method token.</summary>
    public AuthTokenFields? Token { get; init; }

    /// <summary>With the method application_credential.</summary>
    public AuthCredentialFields? ApplicationCredential { get; init; }
}

/// <summary>A log-in by password.</summary>
internal sealed class AuthPasswordFields
{
    /// <summary>The user and the password.</summary>
    [Required]
    public AuthUserFields User { get; init; } = new();
}

/// <summary>A user by id, or by name and domain, and the password.</summary>
internal sealed class AuthUserFields
{
    /// <summary>The id of the user.</summary>
    /// <example>cd79565c5c3a7eb25c075d02b13966b8</example>
    public string? Id { get; init; }

    /// <summary>The name of the user.</summary>
    /// <example>demo</example>
    public string? Name { get; init; }

    /// <summary>The domain; a name needs it.</summary>
    public AuthDomainFields? Domain { get; init; }

    /// <summary>The password; never repeated nor logged.</summary>
    /// <example>secret</example>
    public string? Password { get; init; }
}

/// <summary>A domain by id or name.</summary>
internal sealed class AuthDomainFields
{
    /// <summary>The id.</summary>
    /// <example>default</example>
    public string? Id { get; init; }

    /// <summary>The name.</summary>
    /// <example>Default</example>
    public string? Name { get; init; }
}

/// <summary>A log-in by another token.</summary>
internal sealed class AuthTokenFields
{
    /// <summary>The token.</summary>
    /// <example>the token</example>
    [Required]
    public string Id { get; init; } = "";
}

/// <summary>A log-in by application credential: its id, or its name and user, and its secret.</summary>
internal sealed class AuthCredentialFields
{
    /// <summary>The id of the credential.</summary>
    /// <example>ci-id</example>
    public string? Id { get; init; }

    /// <summary>The name of the credential.</summary>
    /// <example>ci</example>
    public string? Name { get; init; }

    /// <summary>Whose it is; a name needs it.</summary>
    public AuthUserFields? User { get; init; }

    /// <summary>The secret; never repeated nor logged.</summary>
    /// <example>secret</example>
    [Required]
    public string Secret { get; init; } = "";
}

/// <summary>What a token is for.</summary>
internal sealed class AuthScopeFields
{
    /// <summary>The project.</summary>
    public AuthProjectFields? Project { get; init; }
}

/// <summary>A project by id, or by name and domain.</summary>
internal sealed class AuthProjectFields
{
    /// <summary>The id of the project.</summary>
    /// <example>40a58846608e4e908c43b547d4dfb58c</example>
    public string? Id { get; init; }

    /// <summary>The name of the project.</summary>
    /// <example>ibm-default</example>
    public string? Name { get; init; }

    /// <summary>The domain; a name needs it.</summary>
    public AuthDomainFields? Domain { get; init; }
}
