using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ImageBackup.Identity.Keystone;

/// <summary>Validates tokens at a real Keystone. Logs in there as the service user of the settings.</summary>
public sealed partial class KeystoneClient(
    IHttpClientFactory clients, IOptions<KeystoneOptions> options, TimeProvider clock, ILogger<KeystoneClient> logger) : IDisposable
{
    public const string HttpClientName = "keystone";
    private const string SubjectToken = "X-Subject-Token";

    // The service token is replaced this long before it expires. PowerVC advises an hour, which is too long for short-lived tokens.
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(5);
    private readonly SemaphoreSlim _logIn = new(1);
    private ServiceToken? _service;

    /// <summary>Returns what a token grants. Null if Keystone does not know the token.</summary>
    /// <exception cref="KeystoneUnavailableException">Keystone cannot be reached, or does not let the service user validate tokens.</exception>
    public async Task<KeystoneToken?> ValidateAsync(string token, CancellationToken cancellationToken)
    {
        try
        {
            var service = await ServiceTokenAsync(null, cancellationToken);
            using var response = await AskAsync(service, token, cancellationToken);
            if (response.StatusCode != HttpStatusCode.Unauthorized)
            {
                return await ReadAsync(response, cancellationToken);
            }

            // The service's own token was revoked: log in again and repeat the request once.
            var renewed = await ServiceTokenAsync(service, cancellationToken);
            using var second = await AskAsync(renewed, token, cancellationToken);
            return await ReadAsync(second, cancellationToken);
        }
        catch (Exception e) when (IsOutage(e, cancellationToken))
        {
            LogUnavailable(options.Value.BaseAddress, e);
            throw new KeystoneUnavailableException(e);
        }
    }

    public void Dispose() => _logIn.Dispose();

    private static bool IsOutage(Exception e, CancellationToken cancellationToken)
        => e is HttpRequestException or JsonException or IOException or KeyNotFoundException or InvalidOperationException or FormatException
            || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested);

    private async Task<HttpResponseMessage> AskAsync(ServiceToken service, string token, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(options.Value.BaseAddress, "auth/tokens?nocatalog"));
        request.Headers.TryAddWithoutValidation("X-Auth-Token", service.Token);
        request.Headers.TryAddWithoutValidation(SubjectToken, token);
        return await clients.CreateClient(HttpClientName).SendAsync(request, cancellationToken);
    }

    private static async Task<KeystoneToken?> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }

        response.EnsureSuccessStatusCode();
        return KeystoneToken.Read(await response.Content.ReadFromJsonAsync<JsonElement>(cancellationToken));
    }

    private async Task<ServiceToken> ServiceTokenAsync(ServiceToken? refused, CancellationToken cancellationToken)
    {
        await _logIn.WaitAsync(cancellationToken);
        try
        {
            if (_service is null || _service == refused || _service.ExpiresAt - Margin < clock.GetUtcNow())
            {
                _service = await LogInAsync(cancellationToken);
            }

            return _service;
        }
        finally
        {
            _logIn.Release();
        }
    }

    private async Task<ServiceToken> LogInAsync(CancellationToken cancellationToken)
    {
        var keystone = options.Value;
        var password = keystone.PasswordFile is { Length: > 0 } file
            ? (await File.ReadAllLinesAsync(file, cancellationToken)).FirstOrDefault() ?? ""
            : keystone.Password;
        var body = new
        {
            auth = new
            {
                identity = new
                {
                    methods = new[] { "password" },
                    password = new { user = new { name = keystone.Username, domain = new { name = keystone.UserDomainName }, password } },
                },
                scope = new { project = new { name = keystone.ProjectName, domain = new { name = keystone.ProjectDomainName } } },
            },
        };

        // With a known length, because some proxies in front of Keystone reject chunked request bodies.
        using var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var response = await clients.CreateClient(HttpClientName).PostAsync(
            new Uri(keystone.BaseAddress, "auth/tokens?nocatalog"), content, cancellationToken);
        if (response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
        {
            LogServiceUserRefused(keystone.Username, keystone.ProjectName);
        }

        response.EnsureSuccessStatusCode();
        var issued = KeystoneToken.Read(await response.Content.ReadFromJsonAsync<JsonElement>(cancellationToken));
        return new ServiceToken(response.Headers.GetValues(SubjectToken).First(), issued.ExpiresAt);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Keystone at {Address} cannot validate tokens")]
    private partial void LogUnavailable(Uri address, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "Keystone refused the service user {User} in project {Project}. Tokens cannot be validated")]
    private partial void LogServiceUserRefused(string? user, string project);

    private sealed record ServiceToken(string Token, DateTimeOffset ExpiresAt)
    {
        public override string ToString() => nameof(ServiceToken);
    }
}
