using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ImageBackup.Core.Backups;
using ImageBackup.Core.Errors;

namespace ImageBackup.Api.Routes.ImageBackups;

/// <summary>Reads <c>Idempotency-Key</c>: the same key and body within a day answers the first one's result again.</summary>
internal static class RequestKeys
{
    private const string Header = "Idempotency-Key";
    private const int LongestKey = 255;

    public static IdempotencyKey? Read(HttpContext context, JsonElement body)
    {
        var key = context.Request.Headers[Header].ToString().Trim();
        if (key.Length == 0)
        {
            return null;
        }

        if (key.Length > LongestKey)
        {
            throw new InvalidRequestException($"{Header} has {key.Length} characters; at most {LongestKey} are accepted.");
        }

        var request = $"{context.Request.Path}\n{body.GetRawText()}";
        return new IdempotencyKey(key, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(request))));
    }
}
