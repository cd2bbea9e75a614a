using System.Diagnostics;
using ImageBackup.Core.ObjectStorage;
using ImageBackup.Core.ObjectStorage.S3;
using Microsoft.Extensions.Logging.Abstractions;

namespace ImageBackup.TestSupport;

/// <summary>A real S3 server on loopback: OpenStack Swift with s3api from Debian's packages. It ends at the latest with the test process.</summary>
public sealed class SwiftServer : IAsyncDisposable
{
    private static readonly TimeSpan StartTime = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(20);

    private readonly TemporaryDirectory directory;
    private readonly Process process;

    private SwiftServer(TemporaryDirectory directory, Process process, int port)
    {
        this.directory = directory;
        this.process = process;
        Port = port;
    }

    public int Port { get; }

    public string Url => $"http://127.0.0.1:{Port}";

    public const string AccessKey = "test:tester";

    public const string SecretKey = "testing";

    /// <summary>Starts the server; where it is not installed, the test is skipped.</summary>
    public static async Task<SwiftServer> StartAsync()
    {
        Requires.Programs("swift-proxy-server", "memcached");
        var directory = new TemporaryDirectory();
        var ports = FreePorts.Take(5);
        var script = Path.Combine(AppContext.BaseDirectory, "scripts", "swift.sh");
        var process = Process.Start(new ProcessStartInfo("bash", [script, directory.Path, .. ports.Select(port => port.ToString())])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var errors = process.StandardError.ReadToEndAsync();
        var ready = await process.StandardOutput.ReadLineAsync().WaitAsync(StartTime);
        if (ready != "ready")
        {
            throw new InvalidOperationException($"Swift did not start: {await errors}");
        }

        return new SwiftServer(directory, process, ports[0]);
    }

    /// <summary>The credentials for the server, directly or through a proxy.</summary>
    public CosCredentials Credentials(string? url = null) => new() { Endpoint = url ?? Url, AccessKey = AccessKey, SecretKey = SecretKey };

    /// <summary>Creates a bucket with a new name, after waiting for the storage servers.</summary>
    public async Task<string> CreateBucketAsync()
    {
        var bucket = $"bucket-{Guid.NewGuid():n}"[..30];
        using var client = S3Client.Create(Credentials(), new CosOptions(), TimeProvider.System, NullLogger.Instance);
        var until = DateTime.UtcNow + StartTime;
        while (true)
        {
            try
            {
                await client.PutBucketAsync(bucket);
                return bucket;
            }
            catch (Exception notYet) when (notYet is Amazon.Runtime.AmazonServiceException or HttpRequestException && DateTime.UtcNow < until)
            {
                await Task.Delay(200);
            }
        }
    }

    /// <summary>Lets a bucket keep the versions of its objects.</summary>
    public async Task KeepVersionsAsync(string bucket)
    {
        using var client = S3Client.Create(Credentials(), new CosOptions(), TimeProvider.System, NullLogger.Instance);
        await client.PutBucketVersioningAsync(new() { BucketName = bucket, VersioningConfig = new() { Status = Amazon.S3.VersionStatus.Enabled } });
    }

    public async ValueTask DisposeAsync()
    {
        // The script ends its servers when this pipe closes.
        process.StandardInput.Close();
        await process.WaitForExitAsync().WaitAsync(StopTime);
        process.Dispose();
        directory.Dispose();
    }
}
