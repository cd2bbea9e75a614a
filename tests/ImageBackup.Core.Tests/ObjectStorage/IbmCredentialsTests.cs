using System.Collections.Concurrent;
using ImageBackup.Core.ObjectStorage;
using ImageBackup.Core.ObjectStorage.S3;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace ImageBackup.Core.Tests.ObjectStorage;

/// <summary>IBM's credentials with a server that records requests instead of IBM's IAM and object storage. The tests show what the service sends, not how IBM answers.</summary>
public sealed class IbmCredentialsTests : IAsyncLifetime
{
    private const string ApiKey = "api-key-SECRET";
    private const string Crn = "crn:v1:bluemix:public:cloud-object-storage:global:a/1:2::";
    private readonly ConcurrentQueue<(string Authorization, string Instance, string Query)> storeCalls = [];
    private readonly ConcurrentQueue<string> tokenForms = [];
    private readonly MovableTime time = new();
    private WebApplication server = null!;
    private string url = null!;
    private int tokenStatus = StatusCodes.Status200OK;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        server = builder.Build();
        server.Urls.Add("http://127.0.0.1:0");
        server.MapPost("/identity/token", async (HttpRequest request) =>
        {
            using var reader = new StreamReader(request.Body);
            tokenForms.Enqueue(await reader.ReadToEndAsync());
            return tokenStatus == StatusCodes.Status200OK
                ? Results.Json(new { access_token = $"token-{tokenForms.Count}", expires_in = 3600, token_type = "Bearer" })
                : Results.Json(new { errorCode = "BXNIM0415E", errorMessage = "Provided API key could not be found." }, statusCode: tokenStatus);
        });
        server.MapGet("/{bucket}", (HttpRequest request) =>
        {
            storeCalls.Enqueue((request.Headers.Authorization.ToString(), request.Headers["ibm-service-instance-id"].ToString(), request.QueryString.Value ?? ""));
            return Results.Text("<ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><IsTruncated>false</IsTruncated></ListBucketResult>", "application/xml");
        });
        await server.StartAsync();
        url = server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
    }

    public async ValueTask DisposeAsync() => await server.DisposeAsync();

    [Fact]
    public async Task Requests_have_the_token_and_the_instance_instead_of_a_signature()
    {
        using var store = Open();

        await store.CheckBucketAsync("bucket-1", CancellationToken.None);

        Assert.Equal("grant_type=urn%3Aibm%3Aparams%3Aoauth%3Agrant-type%3Aapikey&apikey=api-key-SECRET", Assert.Single(tokenForms));
        var (authorization, instance, query) = Assert.Single(storeCalls);
        Assert.Equal("Bearer token-1", authorization);
        Assert.Equal(Crn, instance);
        Assert.DoesNotContain("Signature", query, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task The_IAM_token_is_cached_and_renewed_before_it_expires()
    {
        using var store = Open();
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => store.CheckBucketAsync("bucket-1", CancellationToken.None)));
        Assert.Single(tokenForms);

        time.Advance(TimeSpan.FromSeconds(3600 * 0.79));
        await store.CheckBucketAsync("bucket-1", CancellationToken.None);
        Assert.Single(tokenForms);

        time.Advance(TimeSpan.FromSeconds(3600 * 0.02));
        await store.CheckBucketAsync("bucket-1", CancellationToken.None);
        Assert.Equal(2, tokenForms.Count);
        Assert.Equal("Bearer token-2", storeCalls.Last().Authorization);
    }

    [Theory]
    [InlineData(400, ObjectStoreError.NoAccess)]
    [InlineData(503, ObjectStoreError.Unavailable)]
    public async Task A_refused_key_and_an_unavailable_IAM_are_different_errors(int status, ObjectStoreError expected)
    {
        tokenStatus = status;
        using var store = Open();

        var failure = await Assert.ThrowsAsync<ObjectStoreException>(() => store.CheckBucketAsync("bucket-1", CancellationToken.None));

        Assert.Equal(expected, failure.Error);
        Assert.Contains("/identity/token", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("SECRET", failure.ToString(), StringComparison.Ordinal);
        Assert.Empty(storeCalls);
    }

    private S3ObjectStore Open() => new(
        new CosCredentials { Endpoint = url, ApiKey = ApiKey, ResourceCrn = Crn, AuthEndpoint = url + "/identity/token" },
        new CosOptions(),
        time,
        NullLogger.Instance);

    private sealed class MovableTime : TimeProvider
    {
        private TimeSpan moved;

        public void Advance(TimeSpan span) => moved += span;

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + moved;
    }
}
