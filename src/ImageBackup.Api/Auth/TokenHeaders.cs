using System.Security.Cryptography;
using System.Text;

namespace ImageBackup.Api.Auth;

/// <summary>Where tokens travel, and how one is known without being kept.</summary>
internal static class TokenHeaders
{
    public const string Auth = "X-Auth-Token";
    public const string Subject = "X-Subject-Token";

    /// <summary>Fernet tokens of a large Keystone stay well below it.</summary>
    private const int Longest = 4096;

    /// <summary>The token in a header, without blanks around it; null where there is none, or nothing that could be one.</summary>
    public static string? Read(HttpContext context, string header)
        => context.Request.Headers[header] is [{ } value] && value.Trim() is { Length: > 0 and <= Longest } token ? token : null;

    /// <summary>SHA-256 in lower-case hex: tokens are looked up by it, so how long a look-up takes tells nothing of them.</summary>
    public static string Digest(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
