using System.Net;
using System.Text;
using System.Text.Json;

namespace ImageBackup.TestSupport;

/// <summary>One response of the service.</summary>
/// <param name="Status">The status.</param>
/// <param name="Body">The body as JSON; undefined if there is no body or the body is not JSON.</param>
/// <param name="Headers">All headers by name, including those of the content.</param>
public sealed record JsonAnswer(HttpStatusCode Status, JsonElement Body, IReadOnlyDictionary<string, string> Headers)
{
    /// <summary>The only key of the body: the name of an error or of an envelope.</summary>
    public string Key => Body.EnumerateObject().Single().Name;

    /// <summary>The message of an error.</summary>
    public string Message => Body.EnumerateObject().Single().Value.GetProperty("message").GetString()!;
}

/// <summary>Short forms of requests with JSON.</summary>
public static class JsonCalls
{
    public static Task<JsonAnswer> GetJsonAsync(this HttpClient client, string path) => client.CallAsync(HttpMethod.Get, path);

    public static Task<JsonAnswer> PostJsonAsync(this HttpClient client, string path, string json) => client.CallAsync(HttpMethod.Post, path, json);

    public static Task<JsonAnswer> PutJsonAsync(this HttpClient client, string path, string? json = null) => client.CallAsync(HttpMethod.Put, path, json);

    public static Task<JsonAnswer> DeleteJsonAsync(this HttpClient client, string path) => client.CallAsync(HttpMethod.Delete, path);

    /// <summary>Sends a request with or without a body and reads the answer.</summary>
    public static async Task<JsonAnswer> CallAsync(
        this HttpClient client, HttpMethod method, string path, string? body = null, string? contentType = "application/json", params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        var isJson = response.Content.Headers.ContentType?.MediaType == "application/json" && text.Length > 0;
        return new JsonAnswer(
            response.StatusCode,
            isJson ? JsonDocument.Parse(text).RootElement : default,
            response.Headers.Concat(response.Content.Headers).ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase));
    }
}
