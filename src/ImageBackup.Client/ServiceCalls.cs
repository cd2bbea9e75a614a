using System.Net;
using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ImageBackup.Client;

/// <summary>Sends requests with the token, follows the pages of lists, and turns refusals into exceptions.</summary>
internal sealed class ServiceCalls : IDisposable
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    private readonly HttpClient http;
    private readonly KeystoneSession session;

    public ServiceCalls(CloudSettings settings, HttpMessageHandler? handler)
    {
        http = new HttpClient(handler ?? new SocketsHttpHandler { AllowAutoRedirect = false });
        session = new KeystoneSession(settings, http);
    }

    public static T Read<T>(JsonElement element) => element.Deserialize<T>(Json)!;

    public static T Read<T>(string json) => JsonSerializer.Deserialize<T>(json, Json)!;

    /// <summary>Returns the address of the image API.</summary>
    public Task<Uri> ImagesAsync(CancellationToken cancellationToken) => session.ImagesAsync(cancellationToken);

    /// <summary>Returns an address below the project.</summary>
    public async Task<Uri> ProjectAsync(string path, CancellationToken cancellationToken) => new(await session.BackupsAsync(cancellationToken), path);

    /// <summary>Returns what a path below the project has in an envelope.</summary>
    public async Task<T> GetAsync<T>(string path, string envelope, CancellationToken cancellationToken)
        => Read<T>((await GetAsync<JsonElement>(await ProjectAsync(path, cancellationToken), cancellationToken)).GetProperty(envelope));

    public async Task<T> GetAsync<T>(Uri address, CancellationToken cancellationToken)
    {
        using var answer = await SendAsync(HttpMethod.Get, address, null, cancellationToken);
        return (await answer.Content.ReadFromJsonAsync<T>(Json, cancellationToken))!;
    }

    /// <summary>Returns the items of every page of a list below the project.</summary>
    /// <param name="path">The path, with a query if there is one.</param>
    /// <param name="envelope">The name of the list in the answer.</param>
    /// <param name="cancellationToken">Stops the requests.</param>
    public async IAsyncEnumerable<T> ListAsync<T>(string path, string envelope, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var route = path.Split('?')[0];
        var next = await ProjectAsync($"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}limit=100", cancellationToken);
        while (next is not null)
        {
            var page = await GetAsync<JsonElement>(next, cancellationToken);
            foreach (var item in Read<List<T>>(page.GetProperty(envelope)))
            {
                yield return item;
            }

            // The service's own address may differ from the one that this client uses, for example behind a proxy.
            next = page.TryGetProperty($"{envelope}_links", out var links) && links.EnumerateArray().FirstOrDefault(link => link.GetProperty("rel").GetString() == "next") is { ValueKind: JsonValueKind.Object } link
                ? await ProjectAsync(route + new Uri(link.GetProperty("href").GetString()!).Query, cancellationToken)
                : null;
        }
    }

    /// <summary>Sends a request, and reads the whole answer.</summary>
    public Task<HttpResponseMessage> SendAsync(HttpMethod method, Uri address, object? body, CancellationToken cancellationToken)
        => SendAsync(method, address, body, HttpCompletionOption.ResponseContentRead, cancellationToken);

    /// <summary>Sends a request, and once more after a new log-in if the token has ended.</summary>
    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, Uri address, object? body, HttpCompletionOption completion, CancellationToken cancellationToken)
    {
        for (var mayLogInAgain = true; ; mayLogInAgain = false)
        {
            using var request = new HttpRequestMessage(method, address) { Content = body is null ? null : JsonContent.Create(body, body.GetType(), options: Json) };
            var token = await session.TokenAsync(cancellationToken);
            if (token is not null)
            {
                request.Headers.Add("X-Auth-Token", token);
            }

            var answer = await http.SendAsync(request, completion, cancellationToken);
            if (answer.IsSuccessStatusCode)
            {
                return answer;
            }

            using (answer)
            {
                if (answer.StatusCode != HttpStatusCode.Unauthorized || !mayLogInAgain || !session.Forget())
                {
                    throw await Refusal.OfAsync(answer, cancellationToken);
                }
            }
        }
    }

    public void Dispose() => http.Dispose();
}
