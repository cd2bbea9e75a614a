using System.Net;
using ImageBackup.TestSupport;

namespace ImageBackup.Api.Tests.Startup;

/// <summary>A database that is deleted or replaced under the running service.</summary>
public sealed class LostDatabaseTests : IDisposable
{
    private readonly ServiceFixture service = new();

    public void Dispose() => service.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_service_without_its_database_accepts_nothing_and_says_so(bool replaced)
    {
        await service.Client.GetJsonAsync("/healthcheck/ready");
        var kept = service.Paths.Database + ".kept";
        File.Move(service.Paths.Database, kept);
        if (replaced)
        {
            File.Copy(kept, service.Paths.Database);
        }

        var created = await service.Client.PostJsonAsync(ServiceFixture.V3("/volumes"), """{"volume":{"size":1}}""");
        var listed = await service.Client.GetJsonAsync(ServiceFixture.V3("/image-backups"));
        var ready = await service.Client.GetJsonAsync("/healthcheck/ready");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, created.Status);
        Assert.Contains("database was deleted or replaced", created.Message, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, listed.Status);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.Status);
        Assert.Equal(replaced, File.Exists(service.Paths.Database));

        File.Move(kept, service.Paths.Database, overwrite: true);
        Assert.Equal(HttpStatusCode.OK, (await service.Client.GetJsonAsync("/healthcheck/ready")).Status);
    }
}
