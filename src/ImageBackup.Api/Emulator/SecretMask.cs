using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace ImageBackup.Api.Emulator;

/// <summary>Masks secrets in headers and bodies.</summary>
internal static partial class SecretMask
{
    private const string Masked = "***";

    /// <summary>Returns the headers, with the values of secret ones masked.</summary>
    public static Dictionary<string, string> Headers(IHeaderDictionary headers)
        => headers.ToDictionary(header => header.Key, header => SecretHeader().IsMatch(header.Key) ? Masked : header.Value.ToString(), StringComparer.OrdinalIgnoreCase);

    /// <summary>Returns the text of a body with masked secrets; null for an empty body, for bytes that are not text, and for text that is not JSON and may contain a secret.</summary>
    public static string? Body(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length == 0 || bytes.Contains((byte)0))
        {
            return null;
        }

        try
        {
            var node = JsonNode.Parse(bytes);
            Mask(node, isToken: false);
            return node?.ToJsonString(Relaxed);
        }
        catch (JsonException)
        {
            var text = Encoding.UTF8.GetString(bytes);
            return SecretName().IsMatch(text) ? null : text;
        }
    }

    private static JsonSerializerOptions Relaxed { get; } = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static void Mask(JsonNode? node, bool isToken)
    {
        if (node is JsonArray list)
        {
            foreach (var item in list)
            {
                Mask(item, isToken);
            }
        }

        foreach (var (name, value) in (node as JsonObject)?.ToList() ?? [])
        {
            var isText = value is JsonValue && value.GetValueKind() == JsonValueKind.String;
            if (isText && (SecretName().IsMatch(name) || (isToken && name == "id")))
            {
                node![name] = Masked;
            }
            else if (isText && name.Contains("url", StringComparison.OrdinalIgnoreCase))
            {
                // The query of a signed URL is a secret, and so is a user before the host.
                node![name] = UrlSecret().Replace(value!.GetValue<string>(), Masked);
            }
            else
            {
                Mask(value, name == "token");
            }
        }
    }

    [GeneratedRegex("token|authorization|cookie", RegexOptions.IgnoreCase)]
    private static partial Regex SecretHeader();

    [GeneratedRegex("pass|secret|api_?key|token", RegexOptions.IgnoreCase)]
    private static partial Regex SecretName();

    [GeneratedRegex(@"(?<=://)[^/@]*(?=@)|(?<=\?).+")]
    private static partial Regex UrlSecret();
}
