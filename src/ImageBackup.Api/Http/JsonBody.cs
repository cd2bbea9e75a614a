using System.Text;
using System.Text.Json;
using ImageBackup.Core.Errors;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace ImageBackup.Api.Http;

/// <summary>Reads JSON bodies. A refusal names the line and column of the problem.</summary>
internal static class JsonBody
{
    private static readonly string[] MediaTypes = ["application/json", "application/vnd.openstack.volume+json"];
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Returns the body of the request.</summary>
    /// <exception cref="InvalidRequestException">The body is empty, not UTF-8 or not JSON, or an object has a key twice.</exception>
    /// <exception cref="HttpErrorException">413: over <see cref="BodyLimit.Bytes"/>. 415: no content type, or another.</exception>
    public static Task<JsonElement> ReadAsync(HttpContext context, CancellationToken cancellationToken)
        => ReadAsync(context, MediaTypes, cancellationToken);

    /// <summary>Returns the body of a request with one of the given media types.</summary>
    public static async Task<JsonElement> ReadAsync(HttpContext context, IReadOnlyList<string> mediaTypes, CancellationToken cancellationToken)
    {
        CheckMediaType(context, mediaTypes);
        return Parse(await ReadTextAsync(context.Request.Body, cancellationToken));
    }

    /// <summary>Returns the JSON of a body's text.</summary>
    internal static JsonElement Parse(string text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            throw new InvalidRequestException("Malformed request body: it is empty, JSON is expected.");
        }

        try
        {
            using var document = JsonDocument.Parse(text);
            var root = document.RootElement.Clone();
            CheckContents(root);
            return root;
        }
        catch (InvalidOperationException e)
        {
            // JSON allows half a surrogate pair, but no text can contain it.
            throw new InvalidRequestException("Malformed request body: an escape such as \\ud800 is one half of a surrogate pair; the other half is missing.", e);
        }
        catch (JsonException e)
        {
            throw new InvalidRequestException($"Malformed request body: {JsonErrors.Describe(text, e)}", e);
        }
    }

    /// <summary>
    /// Refuses other media types, and a body without one: a page of another site can send such a body without asking the browser for permission.
    /// </summary>
    private static void CheckMediaType(HttpContext context, IReadOnlyList<string> mediaTypes)
    {
        var contentType = context.Request.ContentType;
        if (string.IsNullOrWhiteSpace(contentType))
        {
            if (context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false } || context.Request.ContentLength == 0)
            {
                return;
            }

            throw new HttpErrorException(
                StatusCodes.Status415UnsupportedMediaType, $"The body has no Content-Type: send {string.Join(" or ", mediaTypes)} in UTF-8.");
        }

        var accepted = MediaTypeHeaderValue.TryParse(contentType, out var parsed)
            && mediaTypes.Contains(parsed.MediaType.Value ?? "", StringComparer.OrdinalIgnoreCase)
            && (!parsed.Charset.HasValue || parsed.Charset.Value.Trim('"').ToUpperInvariant() is "UTF-8" or "UTF8" or "US-ASCII");
        if (!accepted)
        {
            throw new HttpErrorException(
                StatusCodes.Status415UnsupportedMediaType,
                $"Unsupported Content-Type '{contentType}': send {string.Join(" or ", mediaTypes)} in UTF-8.");
        }
    }

    /// <summary>Returns the text of a body.</summary>
    internal static async Task<string> ReadTextAsync(Stream body, CancellationToken cancellationToken)
    {
        using var bytes = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await body.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (bytes.Length + read > BodyLimit.Bytes)
            {
                throw new HttpErrorException(StatusCodes.Status413PayloadTooLarge, BodyLimit.Message);
            }

            bytes.Write(buffer, 0, read);
        }

        try
        {
            return StrictUtf8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length).TrimStart('\uFEFF');
        }
        catch (DecoderFallbackException e)
        {
            throw new InvalidRequestException($"Malformed request body: it is not UTF-8 (byte {e.Index} is none of its start).", e);
        }
    }

    /// <summary>Refuses strings that cannot be read and objects that have a key twice.</summary>
    private static void CheckContents(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.String:
                _ = element.GetString();
                break;
            case JsonValueKind.Array:
                element.EnumerateArray().ToList().ForEach(CheckContents);
                break;
            case JsonValueKind.Object:
                CheckObject(element);
                break;
        }
    }

    private static void CheckObject(JsonElement element)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var property in element.EnumerateObject())
        {
            if (!names.Add(property.Name))
            {
                throw new InvalidRequestException($"Malformed request body: the key '{property.Name}' occurs more than once in one object.");
            }

            CheckContents(property.Value);
        }
    }
}
