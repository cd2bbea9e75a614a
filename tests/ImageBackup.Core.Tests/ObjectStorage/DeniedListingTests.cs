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

/// <summary>A server that refuses every request, as for keys without the right to list uploads.</summary>
public sealed class DeniedListingTests : IAsyncLifetime
{
    private readonly ConcurrentQueue<string> queries = [];
    private WebApplication server = null!;
    private S3ObjectStore store = null!;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        server = builder.Build();
        server.Urls.Add("http://127.0.0.1:0");
        server.Run(async context =>
        {
            queries.Enqueue(context.Request.QueryString.Value ?? "");
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            await context.Response.WriteAsync("<Error><Code>AccessDenied</Code></Error>");
        });
        await server.StartAsync();
        var url = server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        store = new S3ObjectStore(new CosCredentials { Endpoint = url, AccessKey = "key", SecretKey = "secret" }, new CosOptions(), TimeProvider.System, NullLogger.Instance);
    }

    public async ValueTask DisposeAsync()
    {
        store.Dispose();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task Abandoning_a_put_succeeds_when_the_keys_do_not_permit_listing_uploads()
    {
        await store.AbandonPutAsync("bucket-1", "key.ova", CancellationToken.None);

        Assert.StartsWith("?uploads", Assert.Single(queries), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Other_requests_report_that_the_keys_do_not_permit_them()
    {
        Assert.Equal(ObjectStoreError.NoAccess, (await Assert.ThrowsAsync<ObjectStoreException>(() => store.CheckBucketAsync("bucket-1", CancellationToken.None))).Error);
        Assert.Equal(ObjectStoreError.NoAccess, (await Assert.ThrowsAsync<ObjectStoreException>(() => store.DeleteAsync("bucket-1", "key.ova", "\"etag\"", CancellationToken.None))).Error);
    }
}
