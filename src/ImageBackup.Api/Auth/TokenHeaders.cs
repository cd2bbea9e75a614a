namespace ImageBackup.Api.Auth;

/// <summary>The headers that carry tokens.</summary>
internal static class TokenHeaders
{
    public const string Auth = "X-Auth-Token";
    public const string Subject = "X-Subject-Token";

    /// <summary>Longer than the Fernet tokens of a large Keystone.</summary>
    private const int Longest = 4096;

    /// <summary>Returns the token in a header, trimmed. Null if the header has no token or more than one value.</summary>
    public static string? Read(HttpContext context, string header)
        => context.Request.Headers[header] is [{ } value] && value.Trim() is { Length: > 0 and <= Longest } token ? token : null;
}
