using ImageBackup.Core.Settings;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ImageBackup.Core.ObjectStorage.Directories;

/// <summary>Creates the directory of the embedded store and, when it has no bucket, the default bucket.</summary>
internal sealed partial class EmbeddedStoreSetup(IOptions<CosOptions> options, DataPaths paths, ILogger<EmbeddedStoreSetup> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.Value.IsEmbedded)
        {
            var root = Directory.CreateDirectory(options.Value.EmbeddedRoot(paths)).FullName;
            if (Directory.GetDirectories(root).Length == 0)
            {
                Directory.CreateDirectory(Path.Combine(root, options.Value.DefaultBucket));
                LogCreated(logger, options.Value.DefaultBucket, root);
            }
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(LogLevel.Information, "Created bucket {Bucket} in the embedded object store at {Root}")]
    private static partial void LogCreated(ILogger logger, string bucket, string root);
}
