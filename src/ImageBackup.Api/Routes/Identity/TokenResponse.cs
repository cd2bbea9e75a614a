using System.Text.Json.Serialization;
using ImageBackup.Api.Http;
using ImageBackup.Identity.Tokens;
using ImageBackup.Identity.Users;

namespace ImageBackup.Api.Routes.Identity;

/// <summary>What a token grants. The token itself is in the header X-Subject-Token.</summary>
/// <param name="Methods">The methods of the log-in: password, token or application_credential.</param>
/// <param name="User">The owner.</param>
/// <param name="AuditIds">The names of the token in the log.</param>
/// <param name="ExpiresAt" example="2026-11-23T22:16:33.885350Z">The end of its validity, UTC.</param>
/// <param name="IssuedAt" example="2026-11-23T16:16:33.885350Z">The start of its validity, UTC.</param>
[Envelope("token")]
internal sealed record TokenResponse(IReadOnlyList<string> Methods, TokenUserResponse User, IReadOnlyList<string> AuditIds, string ExpiresAt, string IssuedAt)
{
    /// <summary>The project of the token. Left out for an unscoped token.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TokenProjectResponse? Project { get; init; }

    /// <summary>Always false. Left out for an unscoped token.</summary>
    /// <example>false</example>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? IsDomain { get; init; }

    /// <summary>Always true, as PowerVC shows it: no other project has more rights. Left out for an unscoped token.</summary>
    /// <example>true</example>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? IsAdminProject { get; init; }

    /// <summary>The owner's roles in the project. Left out for an unscoped token.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<RoleResponse>? Roles { get; init; }

    /// <summary>The services of the project. Left out with nocatalog and for an unscoped token.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<CatalogServiceResponse>? Catalog { get; init; }

    /// <summary>The application credential of the log-in. Left out for other methods.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TokenCredentialResponse? ApplicationCredential { get; init; }

    /// <summary>Returns what a token grants.</summary>
    /// <param name="region">The region of the catalog. Null leaves the catalog out.</param>
    public static TokenResponse For(HttpContext context, IssuedToken token, string? region) => new(
        token.Methods,
        new TokenUserResponse(DomainResponse.Default, token.User.Id, token.User.Name),
        token.AuditIds,
        Time(token.ExpiresAt),
        Time(token.IssuedAt))
    {
        Project = token.Project is { } project ? new TokenProjectResponse(DomainResponse.Default, project.Id, project.Name) : null,
        IsDomain = token.Project is null ? null : false,
        IsAdminProject = token.Project is null ? null : true,
        Roles = token.Project is null ? null : [.. token.Roles.Select(role => new RoleResponse($"role-{role}", role))],
        Catalog = token.Project is null || region is null ? null : CatalogResponse.Services(context, token.Project.Id, region),
        ApplicationCredential = token.Credential is { } credential ? new TokenCredentialResponse(credential.Id, credential.Name, Restricted: true) : null,
    };

    private static string Time(DateTime time) => ApiJson.CinderTime(time) + "Z";
}

/// <summary>The only domain.</summary>
/// <param name="Id" example="default">Always default.</param>
/// <param name="Name" example="Default">Always Default.</param>
internal sealed record DomainResponse(string Id, string Name)
{
    public static readonly DomainResponse Default = new(DefaultDomain.Id, DefaultDomain.Name);
}

/// <summary>The owner of a token.</summary>
/// <param name="Domain">The domain of the user.</param>
/// <param name="Id" example="cd79565c5c3a7eb25c075d02b13966b8">The id of the user.</param>
/// <param name="Name" example="demo">The name of the user.</param>
/// <param name="PasswordExpiresAt">Always null.</param>
internal sealed record TokenUserResponse(DomainResponse Domain, string Id, string Name, string? PasswordExpiresAt = null);

/// <summary>The project of a token.</summary>
/// <param name="Domain">The domain of the project.</param>
/// <param name="Id" example="40a58846608e4e908c43b547d4dfb58c">The id of the project.</param>
/// <param name="Name" example="ibm-default">The name of the project.</param>
internal sealed record TokenProjectResponse(DomainResponse Domain, string Id, string Name);

/// <summary>A role.</summary>
/// <param name="Id" example="role-member">The id of the role.</param>
/// <param name="Name" example="member">admin, member or reader.</param>
internal sealed record RoleResponse(string Id, string Name);

/// <summary>The application credential of a token.</summary>
/// <param name="Id" example="ci-id">The id of the credential.</param>
/// <param name="Name" example="ci">The name of the credential.</param>
/// <param name="Restricted" example="true">Always true: the credential cannot create further ones.</param>
internal sealed record TokenCredentialResponse(string Id, string Name, bool Restricted);
