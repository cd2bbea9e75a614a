using System.Text.Json;
using ImageBackup.Api.Http;
using ImageBackup.Core.Errors;

namespace ImageBackup.Api.Routes.Identity;

/// <summary>What <c>POST /auth/tokens</c> was asked: <c>{"auth":{"identity":{"methods":[…],…},"scope":…}}</c>.</summary>
internal sealed record AuthRequest(
    IReadOnlyList<string> Methods,
    PasswordClaim? Password,
    string? Token,
    CredentialClaim? Credential,
    ProjectClaim? Project,
    bool IsOtherScope)
{
    private const int LongestSecret = 4096;
    private static readonly string[] Scopes = ["project", "domain", "system", "OS-TRUST:trust", "unscoped"];

    /// <summary>Reads the body, as lenient as Keystone: unknown properties are ignored.</summary>
    /// <exception cref="InvalidRequestException">A property is missing or has the wrong type; no secret is repeated.</exception>
    public static AuthRequest Parse(JsonElement body)
    {
        var auth = BodyFields.Of(body).RequiredObject("auth");
        var identity = auth.RequiredObject("identity");
        var methods = ReadMethods(identity);
        var scope = Scope(auth, out var isOther);
        return new AuthRequest(
            methods,
            methods.Contains("password") ? ReadPassword(identity.RequiredObject("password").RequiredObject("user")) : null,
            methods.Contains("token") ? Secret(identity.RequiredObject("token"), "id") : null,
            methods.Contains("application_credential") ? ReadCredential(identity.RequiredObject("application_credential")) : null,
            scope,
            isOther);
    }

    private static string[] ReadMethods(BodyFields identity)
    {
        var isList = identity.Find("methods") is { ValueKind: JsonValueKind.Array } list && list.GetArrayLength() is > 0 and <= 8
            && list.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String);
        return isList
            ? [.. identity.Find("methods")!.Value.EnumerateArray().Select(item => item.GetString()!).Distinct(StringComparer.Ordinal)]
            : throw new InvalidRequestException("Invalid input for field 'methods': a list of strings is expected, such as [\"password\"].");
    }

    private static PasswordClaim ReadPassword(BodyFields user) => new(User(user), Secret(user, "password"));

    private static CredentialClaim ReadCredential(BodyFields credential) => new(
        credential.OptionalString("id"),
        credential.OptionalString("name"),
        credential.OptionalObject("user") is { } user ? User(user) : null,
        Secret(credential, "secret"));

    private static UserClaim User(BodyFields user)
    {
        var (id, name) = (user.OptionalString("id"), user.OptionalString("name"));
        if (string.IsNullOrEmpty(id) && string.IsNullOrEmpty(name))
        {
            throw new InvalidRequestException("Invalid input for field 'user': it needs 'id', or 'name' and 'domain'.");
        }

        return new UserClaim(id, name, InDefaultDomain(user, "user", id));
    }

    private static ProjectClaim? Scope(BodyFields auth, out bool isOther)
    {
        isOther = false;
        if (auth.Find("scope") is not { } scope || scope is { ValueKind: JsonValueKind.String } && scope.ValueEquals("unscoped"))
        {
            return null;
        }

        // What is misspelt would otherwise give a token that opens nothing.
        var fields = auth.RequiredObject("scope");
        if (Scopes.Count(fields.Has) != 1)
        {
            throw new InvalidRequestException($"Invalid input for field 'scope': exactly one of {string.Join(", ", Scopes)} is expected.");
        }

        if (fields.Has("project"))
        {
            var project = fields.RequiredObject("project");
            var id = project.OptionalString("id");
            var name = project.OptionalString("name");
            return string.IsNullOrEmpty(id) && string.IsNullOrEmpty(name)
                ? throw new InvalidRequestException("Invalid input for field 'project': it needs 'id', or 'name' and 'domain'.")
                : new ProjectClaim(id, name, InDefaultDomain(project, "project", id));
        }

        isOther = !fields.Has("unscoped");
        return null;
    }

    private static bool InDefaultDomain(BodyFields owner, string what, string? id)
    {
        if (owner.OptionalObject("domain") is { } domain)
        {
            return DefaultDomain.IsMeant(domain.OptionalString("id"), domain.OptionalString("name"));
        }

        return !string.IsNullOrEmpty(id) ? true
            : throw new InvalidRequestException($"Invalid input for field '{what}': a name needs its 'domain', such as {{\"name\": \"Default\"}}.");
    }

    private static string Secret(BodyFields fields, string name)
        => fields.OptionalSecret(name, LongestSecret) ?? throw new InvalidRequestException($"Invalid input: '{name}' is a required property");
}

/// <summary>A user by id, or by name in a domain.</summary>
internal sealed record UserClaim(string? Id, string? Name, bool InDefaultDomain);

/// <summary>A user and the password they gave.</summary>
internal sealed record PasswordClaim(UserClaim User, string Password)
{
    public override string ToString() => nameof(PasswordClaim);
}

/// <summary>An application credential by id, or by its name and its user, and the secret that was given.</summary>
internal sealed record CredentialClaim(string? Id, string? Name, UserClaim? User, string Secret)
{
    public override string ToString() => nameof(CredentialClaim);
}

/// <summary>A project by id, or by name in a domain.</summary>
internal sealed record ProjectClaim(string? Id, string? Name, bool InDefaultDomain);
