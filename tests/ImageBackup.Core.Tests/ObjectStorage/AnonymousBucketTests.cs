using System.Net;
using ImageBackup.Core.ObjectStorage;
using ImageBackup.Core.ObjectStorage.S3;
using ImageBackup.TestSupport;
using Microsoft.Extensions.Logging.Abstractions;

namespace ImageBackup.Core.Tests.ObjectStorage;

/// <summary>Buckets without credentials, and the addresses that they may have.</summary>
public sealed class AnonymousBucketTests
{
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.8.8.8")]
    [InlineData("0.0.0.0")]
    [InlineData("10.1.2.3")]
    [InlineData("100.64.0.1")]
    [InlineData("169.254.169.254")]
    [InlineData("172.16.0.1")]
    [InlineData("172.31.255.255")]
    [InlineData("192.168.0.1")]
    [InlineData("224.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("::ffff:10.0.0.1")]
    [InlineData("64:ff9b::a00:1")]
    [InlineData("2002:7f00:1::")]
    [InlineData("fd00::1")]
    [InlineData("fe80::1")]
    [InlineData("ff02::1")]
    public void An_address_that_is_not_public_is_recognized(string address) => Assert.False(AddressGuard.IsPublic(IPAddress.Parse(address)));

    [Theory]
    [InlineData("8.8.8.8")]
    [InlineData("172.32.0.1")]
    [InlineData("100.128.0.1")]
    [InlineData("::ffff:8.8.8.8")]
    [InlineData("2606:4700::1111")]
    public void A_public_address_is_recognized(string address) => Assert.True(AddressGuard.IsPublic(IPAddress.Parse(address)));

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    public async Task A_bucket_without_credentials_at_a_private_address_is_refused_and_not_contacted(string host)
    {
        await using var server = await ServerAsync();
        using var store = Open(server.Url.Replace("127.0.0.1", host, StringComparison.Ordinal), new CosOptions());

        var failure = await Assert.ThrowsAsync<ObjectStoreException>(() => store.CheckBucketAsync("bucket-1", CancellationToken.None));

        Assert.Equal(ObjectStoreError.Refused, failure.Error);
        Assert.Contains("ImageBackup:Cos:AllowPrivateAddresses", failure.Message, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task A_bucket_without_credentials_is_asked_without_a_signature()
    {
        await using var server = await ServerAsync();
        using var store = Open(server.Url, new CosOptions { AllowPrivateAddresses = true });

        var failure = await Assert.ThrowsAsync<ObjectStoreException>(() => store.CheckBucketAsync("bucket-1", CancellationToken.None));

        Assert.Equal(ObjectStoreError.NoBucket, failure.Error);
        Assert.DoesNotContain("Authorization", Assert.Single(server.Requests).Headers.Keys);
    }

    [Fact]
    public async Task A_bucket_with_keys_may_be_at_a_private_address()
    {
        await using var server = await ServerAsync();
        using var store = new S3ObjectStore(new CosCredentials { Endpoint = server.Url, AccessKey = "key", SecretKey = "secret" }, new CosOptions(), TimeProvider.System, NullLogger.Instance);

        var failure = await Assert.ThrowsAsync<ObjectStoreException>(() => store.CheckBucketAsync("bucket-1", CancellationToken.None));

        Assert.Equal(ObjectStoreError.NoBucket, failure.Error);
    }

    private static S3ObjectStore Open(string url, CosOptions options) => new(new CosCredentials { Endpoint = url }, options, TimeProvider.System, NullLogger.Instance);

    /// <summary>A server that has no bucket.</summary>
    private static async Task<S3FaultProxy> ServerAsync()
    {
        var server = await S3FaultProxy.StartAsync(targetPort: 9);
        server.Refuse(_ => true, 404, "NoSuchBucket", times: int.MaxValue);
        return server;
    }
}
