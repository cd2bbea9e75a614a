using ImageBackup.Core.Buckets;

namespace ImageBackup.Core.ObjectStorage;

/// <summary>The HTTP client of one store.</summary>
internal static class StoreHttp
{
    public static HttpClient CreateClient(CosCredentials credentials, TimeProvider time)
    {
        HttpMessageHandler handler = CreateHandler();
        if (credentials.IsIbm)
        {
            handler = new IbmBearerHandler(new IamTokens(credentials, time), credentials.ResourceCrn!) { InnerHandler = handler };
        }

        // IdleGuard is the timeout: the length of a transfer says nothing.
        return new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>Redirects are not followed: they would carry credentials to where nobody registered them for. Connections are renewed so that DNS changes count.</summary>
    public static SocketsHttpHandler CreateHandler() => new()
    {
        AllowAutoRedirect = false,
        ConnectTimeout = TimeSpan.FromSeconds(10),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        UseCookies = false,
    };
}
