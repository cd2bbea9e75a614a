using System.Text.Json;

namespace ImageBackup.Api.Auth;

/// <summary>What a real Keystone says of a token.</summary>
/// <param name="ProjectId">Null for a token that is scoped to no project.</param>
internal sealed record KeystoneToken(string UserId, string? ProjectId, IReadOnlyList<string> Roles, DateTimeOffset ExpiresAt)
{
    /// <summary>Reads <c>{"token":{…}}</c>.</summary>
    /// <exception cref="KeyNotFoundException">Something that every Keystone sends is missing.</exception>
    /// <exception cref="InvalidOperationException">Something has another type than every Keystone gives it.</exception>
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
