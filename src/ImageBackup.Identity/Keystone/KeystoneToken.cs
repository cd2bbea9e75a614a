using System.Text.Json;

namespace ImageBackup.Identity.Keystone;

/// <summary>What a real Keystone says about a token.</summary>
/// <param name="ProjectId">Null for a token without a project.</param>
public sealed record KeystoneToken(string UserId, string? ProjectId, IReadOnlyList<string> Roles, DateTimeOffset ExpiresAt)
{
    /// <summary>Reads <c>{"token":{…}}</c>.</summary>
    /// <exception cref="KeyNotFoundException">A required property is missing.</exception>
    /// <exception cref="InvalidOperationException">A property has the wrong type.</exception>
    public static KeystoneToken Read(JsonElement body)
    {
        var token = body.GetProperty("token");
        return new KeystoneToken(
            token.GetProperty("user").GetProperty("id").GetString()!,
            token.TryGetProperty("project", out var project) ? project.GetProperty("id").GetString() : null,
            token.TryGetProperty("roles", out var roles) ? [.. roles.EnumerateArray().Select(role => role.GetProperty("name").GetString()!)] : [],
            token.GetProperty("expires_at").GetDateTimeOffset());
    }
}
