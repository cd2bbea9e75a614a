using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Serialization;

namespace ImageBackup.Core.ObjectStorage.S3;

/// <summary>
/// Tokens of IBM Cloud IAM for one API key. A token is kept and renewed when a fifth of its life is left
/// (https://cloud.ibm.com/apidocs/iam-identity-token-api#gettoken-apikey).
/// </summary>
internal sealed class IamTokens(CosCredentials credentials, CosOptions options, TimeProvider time) : IDisposable
{
    private readonly HttpClient http = new(S3Client.CreateHandler(options)) { Timeout = TimeSpan.FromSeconds(30), MaxResponseContentBufferSize = 1 << 20 };
    private readonly SemaphoreSlim gate = new(1);
    private Token? current;

    /// <summary>Returns a valid token. Concurrent callers share one request.</summary>
    /// <exception cref="ObjectStoreException">IAM refuses the key or cannot be reached.</exception>
    public async Task<string> GetAsync(CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            if (current is null || time.GetUtcNow() >= current.RenewAt)
            {
                current = await FetchAsync(cancellationToken);
            }

            return current.Value;
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>Drops this token, unless it was renewed meanwhile.</summary>
    public void Forget(string token)
    {
        if (current is { } kept && kept.Value == token)
        {
            current = null;
        }
    }

    public void Dispose()
    {
        http.Dispose();
        gate.Dispose();
    }

    private async Task<Token> FetchAsync(CancellationToken cancellationToken)
    {
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "urn:ibm:params:oauth:grant-type:apikey",
            ["apikey"] = credentials.ApiKey!,
        });
        try
        {
            using var answer = await http.PostAsync(credentials.AuthEndpoint, form, cancellationToken);
            if (!answer.IsSuccessStatusCode)
            {
                throw Refusal(answer.StatusCode);
            }

            var given = await answer.Content.ReadFromJsonAsync<TokenAnswer>(cancellationToken);
            return given is { AccessToken.Length: > 0, ExpiresIn: > 0 }
                ? new Token(given.AccessToken, time.GetUtcNow().AddSeconds(given.ExpiresIn * 0.8))
                : throw Failure(ObjectStoreError.Unavailable, "the answer contains no token");
        }
        catch (Exception failure) when (failure is HttpRequestException or System.Text.Json.JsonException or NotSupportedException
            || (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw Failure(ObjectStoreError.Unavailable, failure.GetBaseException().Message, failure);
        }
    }

    private ObjectStoreException Refusal(HttpStatusCode status) => (int)status is 400 or 401 or 403
        ? Failure(ObjectStoreError.NoAccess, $"IAM refuses the API key (HTTP {(int)status})")
        : Failure(ObjectStoreError.Unavailable, $"IAM answers HTTP {(int)status}");

    private ObjectStoreException Failure(ObjectStoreError error, string why, Exception? cause = null)
        => new(error, $"No token from {credentials.AuthEndpoint} for {credentials.Endpoint}: {why}.", cause);

    private sealed record Token(string Value, DateTimeOffset RenewAt);

    private sealed record TokenAnswer([property: JsonPropertyName("access_token")] string AccessToken, [property: JsonPropertyName("expires_in")] double ExpiresIn);
}
