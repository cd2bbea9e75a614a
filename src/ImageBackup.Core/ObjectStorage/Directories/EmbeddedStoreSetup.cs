using ImageBackup.Core.Errors;
using ImageBackup.Core.Settings;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ImageBackup.Core.ObjectStorage.Directories;

/// <summary>Creates the directory of the embedded store and, when it has no bucket, the default bucket. Removes what a killed process left of its puts.</summary>
internal sealed partial class EmbeddedStoreSetup(IOptions<CosOptions> options, DataPaths paths, ILogger<EmbeddedStoreSetup> logger) : IHostedService
{
    /// <summary>How long another service may take to begin a put, where several share the directory.</summary>
    private static readonly TimeSpan LongestBeginning = TimeSpan.FromHours(1);

    /// <exception cref="StartException">The directory cannot be used.</exception>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.Value.IsEmbedded)
        {
            Prepare(options.Value.EmbeddedRoot(paths), options.Value.DefaultBucket);
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void Prepare(string root, string defaultBucket)
    {
        try
        {
            Directory.CreateDirectory(root);
            if (Directory.GetDirectories(root).Length == 0)
            {
                Directory.CreateDirectory(Path.Combine(root, defaultBucket));
                LogCreated(logger, defaultBucket, root);
            }

            var isOwn = root.StartsWith(paths.Root + Path.DirectorySeparatorChar, StringComparison.Ordinal);
            foreach (var bucket in Directory.GetDirectories(root))
            {
                DirectoryUpload.RemoveRemains(bucket, DateTime.UtcNow - (isOwn ? TimeSpan.Zero : LongestBeginning));
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartException($"The service cannot use the directory {root} of the embedded object store: {e.Message}", e);
        }
    }

    [LoggerMessage(LogLevel.Information, "Created bucket {Bucket} in the embedded object store at {Root}")]
    private static partial void LogCreated(ILogger logger, string bucket, string root);
}
