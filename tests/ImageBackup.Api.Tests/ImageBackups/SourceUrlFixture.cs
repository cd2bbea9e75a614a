using ImageBackup.TestSupport;

namespace ImageBackup.Api.Tests.ImageBackups;

/// <summary>A service that may import from a web server on loopback, in small ranges and with quick retries.</summary>
public sealed class SourceUrlFixture : ServiceFixture, IAsyncLifetime
{
    /// <summary>Bytes of a range of the service's downloads.</summary>
    public const int PartSize = 5 << 20;

    public WebFileServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Server = await WebFileServer.StartAsync();
        Settings["ImageBackup:SourceUrl:AllowedHosts:0"] = Server.Authority;
        Settings["ImageBackup:SourceUrl:AllowedHosts:1"] = "metadata.example";
        Settings["ImageBackup:SourceUrl:AllowPrivateAddresses"] = "true";
        Settings["ImageBackup:Cos:PartSizeMiB"] = "5";
        Settings["ImageBackup:Cos:MaxAttempts"] = "4";
        Settings["ImageBackup:Cos:RetryDelaySeconds"] = "0.01";
        Settings["ImageBackup:Cos:IdleTimeoutSeconds"] = "1";
    }

    public async ValueTask DisposeAsync()
    {
        Dispose();
        await Server.DisposeAsync();
    }
}
