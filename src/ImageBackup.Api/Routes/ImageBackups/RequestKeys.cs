using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ImageBackup.Api.Http;
using ImageBackup.Core.Errors;
using ImageBackup.Core.Operations;

namespace ImageBackup.Api.Routes.ImageBackups;

/// <summary>Reads <c>Idempotency-Key</c>. The same key and body within a day get the first response again.</summary>
internal static class RequestKeys
{
    private const string Header = "Idempotency-Key";
    private const int MaxLength = 255;

    /// <summary>The header in OpenAPI.</summary>
    public static readonly RouteParameter Parameter =
        new(Header, "string", "The same key and body within a day get the first 201 response again. The same key with another body gets 400.", IsHeader: true);

    /// <summary>Returns the key; null if the request has none.</summary>
    public static IdempotencyKey? Read(HttpContext context, JsonElement body)
    {
        var key = context.Request.Headers[Header].ToString().Trim();
        if (key.Length == 0)
        {
            return null;
        }

        if (key.Length > MaxLength)
        {
            throw new InvalidRequestException($"{Header} has {key.Length} characters; at most {MaxLength} are accepted.");
        }

        var request = $"{context.Request.Path}\n{body.GetRawText()}";
        return new IdempotencyKey(key, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(request))));
    }
}
