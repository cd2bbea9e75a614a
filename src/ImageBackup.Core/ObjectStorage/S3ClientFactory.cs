using Amazon.Runtime;
using Amazon.S3;
using ImageBackup.Core.Buckets;

namespace ImageBackup.Core.ObjectStorage;

/// <summary>An SDK client set up for every S3 service, not only Amazon's (each setting is there because some server needs it).</summary>
internal static class S3ClientFactory
{
    private const int BufferSize = 256 << 10;

    public static AmazonS3Client Create(CosCredentials credentials, HttpClient http)
    {
        var config = new AmazonS3Config
        {
            ServiceURL = credentials.Endpoint,
            AuthenticationRegion = credentials.Region,

            // Bucket names in host names need DNS that own servers rarely have.
            ForcePathStyle = true,

            // The SDK's default CRC trailers are refused by Swift, Ceph and older MinIO.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,

            // StoreRetries and IdleGuard do both, knowing what may be repeated and what has moved.
            MaxErrorRetry = 0,
            Timeout = Timeout.InfiniteTimeSpan,
            BufferSize = BufferSize,
            HttpClientFactory = new OneClient(http),
        };

        // IBM's bearer takes the signature's place: IbmBearerHandler puts it on every request.
        AWSCredentials identity = credentials.IsIbm
            ? new AnonymousAWSCredentials()
            : new BasicAWSCredentials(credentials.AccessKey, credentials.SecretKey);
        return new AmazonS3Client(identity, config);
    }

    private sealed class OneClient(HttpClient http) : HttpClientFactory
    {
        public override HttpClient CreateHttpClient(IClientConfig clientConfig) => http;

        public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

        public override bool DisposeHttpClientsAfterUse(IClientConfig clientConfig) => false;
    }
}
