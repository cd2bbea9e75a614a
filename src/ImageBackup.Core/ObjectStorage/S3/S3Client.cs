using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.S3;
using Microsoft.Extensions.Logging;

namespace ImageBackup.Core.ObjectStorage.S3;

/// <summary>An SDK client for every S3 service, not only Amazon's. Each setting is there because some server needs it.</summary>
internal sealed class S3Client : AmazonS3Client
{
    private const int BufferSize = 256 << 10;

    private readonly HttpClient http;

    private S3Client(AWSCredentials identity, AmazonS3Config config, HttpClient http)
        : base(identity, config) => this.http = http;

    public static S3Client Create(CosCredentials credentials, CosOptions options, TimeProvider time, ILogger logger)
    {
        var http = CreateHttp(credentials, options, time);
        var config = new AmazonS3Config
        {
            ServiceURL = credentials.Endpoint,
            AuthenticationRegion = credentials.Region,

            // Bucket names in host names need DNS entries that private servers rarely have.
            ForcePathStyle = true,

            // Swift, Ceph and older MinIO refuse the CRC trailers that the SDK sends by default.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,

            // StoreRetries and StoreAttempt repeat and end requests, because they know which bytes have moved.
            MaxErrorRetry = 0,
            Timeout = Timeout.InfiniteTimeSpan,
            BufferSize = BufferSize,
            HttpClientFactory = new OneClient(http),
        };

        // With IBM's API key, IbmBearerHandler adds a token to each request, and there is no signature.
        AWSCredentials identity = credentials.IsIbm || credentials.IsAnonymous
            ? new AnonymousAWSCredentials()
            : new BasicAWSCredentials(credentials.AccessKey, credentials.SecretKey);
        var client = new S3Client(identity, config, http);
        client.RuntimePipeline.ReplaceHandler<RetryHandler>(new RetryHandler(new ClockPolicy(credentials.Endpoint, logger)));
        return client;
    }

    /// <summary>Does not follow redirects: they would send credentials to addresses that nobody registered. Renews connections, so that DNS changes take effect.</summary>
    internal static SocketsHttpHandler CreateHandler(CosOptions options)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            ConnectTimeout = TimeSpan.FromSeconds(10),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            UseCookies = false,
        };
        if (!string.IsNullOrWhiteSpace(options.CaFile))
        {
            handler.SslOptions.RemoteCertificateValidationCallback = PrivateCa.Accept(PrivateCa.Read(options.CaFile));
        }

        return handler;
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing)
        {
            http.Dispose();
        }
    }

    private static HttpClient CreateHttp(CosCredentials credentials, CosOptions options, TimeProvider time)
    {
        var sockets = CreateHandler(options);
        if (credentials.IsAnonymous && !options.AllowPrivateAddresses)
        {
            AddressGuard.Protect(sockets, host =>
                $"Host '{host}' has a loopback, private or link-local address. A bucket without credentials must be at a public address. Give credentials, or set {CosOptions.Section}:{nameof(CosOptions.AllowPrivateAddresses)}.");
        }

        HttpMessageHandler handler = sockets;
        if (credentials.IsIbm)
        {
            handler = new IbmBearerHandler(new IamTokens(credentials, options, time), credentials.ResourceCrn!) { InnerHandler = handler };
        }

        return new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }

    private sealed class OneClient(HttpClient http) : HttpClientFactory
    {
        public override HttpClient CreateHttpClient(IClientConfig clientConfig) => http;

        public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

        public override bool DisposeHttpClientsAfterUse(IClientConfig clientConfig) => false;
    }
}
