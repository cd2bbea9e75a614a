using ImageBackup.Api.Http;
using ImageBackup.Core.Errors;
using ImageBackup.Identity.Tokens;
using ImageBackup.Identity.Users;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace ImageBackup.Api.Routes.Identity;

/// <summary><c>POST /identity/v3/auth/tokens[?nocatalog]</c>: log-in by password, token or application credential. 201 with the token in <c>X-Subject-Token</c>.</summary>
internal static partial class LogIn
{
    private const string Unscoped = "unscoped";
    private static readonly string[] OtherScopes = ["domain", "system", "OS-TRUST:trust", Unscoped];

    public static async Task<Created<Enveloped<TokenResponse>>> HandleAsync(
        HttpContext context,
        Body<LogInRequest> body,
        LogIns logIns,
        TokenStore tokens,
        IOptions<IdentityOptions> options,
        ILogger<LogIns> logger,
        CancellationToken cancellationToken)
    {
        var address = context.Connection.RemoteIpAddress;
        var login = await logIns.CheckAsync(Parse(body.Value), new LogInOrigin(address, ClientAddress.Network(address)), cancellationToken);
        var (token, issued) = await tokens.IssueAsync(login, cancellationToken);

        LogIssued(logger, issued.User.Id, issued.AuditIds[0], issued.Project?.Id);
        return Enveloped.Created(Tokens.Answer(context, token, issued, options.Value));
    }

    private static LogInCommand Parse(LogInRequest request)
    {
        var (identity, methods) = (request.Identity, request.Identity.Methods);
        if (methods.Count is 0 or > 8)
        {
            throw new InvalidRequestException("Invalid input for field 'methods': it must have 1 to 8 items, such as [\"password\"].");
        }

        var (project, isOtherScope) = Scope(request.Scope);
        return new LogInCommand(
            [.. methods.Distinct(StringComparer.Ordinal)],
            methods.Contains("password") ? Password(identity.Password ?? throw Missing("password")) : null,
            methods.Contains("token") ? identity.Token?.Id ?? throw Missing("token") : null,
            methods.Contains("application_credential") ? Credential(identity.ApplicationCredential ?? throw Missing("application_credential")) : null,
            project,
            isOtherScope);
    }

    private static PasswordClaim Password(LogInRequest.PasswordRequest password) => new(User(password.User), password.User.Password);

    private static CredentialClaim Credential(LogInRequest.ApplicationCredentialRequest credential)
        => new(credential.Id, credential.Name, credential.User is { } user ? User(user) : null, credential.Secret);

    private static UserClaim User(LogInRequest.UserRequest user) => new(user.Id, user.Name, InDefaultDomain("user", user.Id, user.Name, user.Domain));

    private static (ProjectClaim? Project, bool IsOther) Scope(LogInRequest.ScopeRequest? scope)
    {
        if (scope is null)
        {
            return (null, false);
        }

        // A misspelled scope would otherwise give a token without a project.
        var others = OtherScopes.Where(scope.Others.ContainsKey).ToList();
        return (scope.Project, others) switch
        {
            ({ } project, []) => (new ProjectClaim(project.Id, project.Name, InDefaultDomain("project", project.Id, project.Name, project.Domain)), false),
            (null, [var other]) => (null, other != Unscoped),
            _ => throw new InvalidRequestException($"Invalid input for field 'scope': exactly one of project, {string.Join(", ", OtherScopes)} is expected."),
        };
    }

    private static bool InDefaultDomain(string field, string? id, string? name, LogInRequest.DomainRequest? domain)
        => string.IsNullOrEmpty(id) && string.IsNullOrEmpty(name) ? throw new InvalidRequestException($"Invalid input for field '{field}': it needs 'id', or 'name' and 'domain'.")
            : domain is not null ? DefaultDomain.IsMeant(domain.Id, domain.Name)
            : !string.IsNullOrEmpty(id) ? true
            : throw new InvalidRequestException($"Invalid input for field '{field}': a name needs its 'domain', such as {{\"name\": \"Default\"}}.");

    private static InvalidRequestException Missing(string field) => new($"Invalid input for field/attribute identity. '{field}' is a required property");

    [LoggerMessage(Level = LogLevel.Information, Message = "User {UserId} logged in: token {AuditId} for project {ProjectId}")]
    private static partial void LogIssued(ILogger logger, string userId, string auditId, string? projectId);
}
