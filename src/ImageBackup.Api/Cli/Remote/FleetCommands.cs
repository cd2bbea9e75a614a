using System.CommandLine;
using ImageBackup.Api.Cli.Output;
using ImageBackup.Api.Hosting;
using ImageBackup.Client;

namespace ImageBackup.Api.Cli.Remote;

/// <summary>The commands that look at nodes, buckets and the past: <c>nodes</c>, <c>buckets</c>, <c>archives</c>, <c>history</c>.</summary>
internal static class FleetCommands
{
    public static IEnumerable<Command> Create(RemoteOptions options) => [Nodes(options), Buckets(options), Archives(options), History(options)];

    private static Command Nodes(RemoteOptions options)
        => options.Command("nodes", "List the backup nodes of a service, with their health and space.", [], follows: false, async (_, client, output, cancellationToken) =>
        {
            var rows = new List<NodeRow>();
            await foreach (var node in client.ListNodesAsync(cancellationToken))
            {
                rows.Add(new NodeRow(node, await client.GetNodeHealthAsync(node.BackupNodeId, cancellationToken)));
            }

            output.List(rows, [("NODE", row => row.Node.BackupNodeId), ("ADDRESS", row => row.Node.AccessIp), ("FREE", row => Free(row.Health)), .. HealthColumns<NodeRow>(row => row.Health)]);
            return rows.TrueForAll(row => row.Health.IsUp) ? ExitCodes.Done : ExitCodes.Failed;
        });

    private static Command Buckets(RemoteOptions options)
        => options.Command("buckets", "List the registered buckets of a service, with their health.", [], follows: false, async (_, client, output, cancellationToken) =>
        {
            var rows = new List<BucketRow>();
            await foreach (var bucket in client.ListBucketsAsync(cancellationToken))
            {
                rows.Add(new BucketRow(bucket, await client.GetBucketHealthAsync(bucket.Id, cancellationToken)));
            }

            output.List(rows, [("ID", row => $"{row.Bucket.Id}"), ("BUCKET", row => row.Bucket.BucketName), ("NAME", row => row.Bucket.Name), .. HealthColumns<BucketRow>(row => row.Health)]);
            return rows.TrueForAll(row => row.Health.IsUp) ? ExitCodes.Done : ExitCodes.Failed;
        });

    private static Command Archives(RemoteOptions options)
    {
        var host = new Option<string?>("--host") { Description = "The backup node.", HelpName = "NODE" };
        var bucket = new Option<string?>("--bucket") { Description = "The registered bucket.", HelpName = "BUCKET" };
        var unrecorded = new Option<bool>("--unrecorded") { Description = "Only archives without an image backup." };
        return options.Command("archives", "List the archives on a backup node or in a registered bucket.", [host, bucket, unrecorded], follows: false, async (parsed, client, output, cancellationToken) =>
        {
            var archives = (parsed.GetValue(host), parsed.GetValue(bucket)) switch
            {
                ({ } node, null) => await client.ListNodeArchivesAsync(node, parsed.GetValue(unrecorded), cancellationToken)
                    .Select(archive => new ArchiveRow(archive.OvaName, archive.Size, archive.ImageBackupId, archive.LastModified)).ToListAsync(cancellationToken),
                (null, { } name) => await client.ListBucketArchivesAsync((await FindBucketAsync(client, name, cancellationToken)).Id, cancellationToken)
                    .Where(archive => !parsed.GetValue(unrecorded) || archive.ImageBackupId is null)
                    .Select(archive => new ArchiveRow(archive.Name, archive.Size, archive.ImageBackupId, archive.LastModified)).ToListAsync(cancellationToken),
                _ => throw CommandException.Usage("Use either --host or --bucket."),
            };
            output.List(archives, ("ARCHIVE", row => row.Name), ("SIZE", row => Sizes.Of(row.Size)), ("BACKUP", row => row.ImageBackupId?.ToString()), ("CHANGED", row => row.LastModified.Split('.')[0]));
            return ExitCodes.Done;
        });
    }

    private static Command History(RemoteOptions options)
    {
        var backup = RemoteCommands.Backup();
        return options.Command("history", "List the operations on an image backup, the newest first.", [backup], follows: false, async (parsed, client, output, cancellationToken) =>
        {
            var found = await client.FindBackupAsync(parsed.GetRequiredValue(backup), cancellationToken);
            var operations = await client.ListOperationsAsync(found.Id, cancellationToken).ToListAsync(cancellationToken);
            output.List<PastOperation>(
                operations,
                ("OPERATION", row => row.Action), ("STATE", row => row.State == "running" ? $"running {row.Progress} %" : row.State), ("REQUESTED", row => row.CreatedAt.Split('.')[0]),
                ("ENDED", row => row.FinishedAt?.Split('.')[0]), ("REASON", row => row.FailReason));
            return ExitCodes.Done;
        });
    }

    private static async Task<Bucket> FindBucketAsync(ImageBackupClient client, string name, CancellationToken cancellationToken)
        => await client.ListBucketsAsync(cancellationToken).FirstOrDefaultAsync(bucket => bucket.BucketName == name, cancellationToken)
            ?? throw new ImageBackupException(System.Net.HttpStatusCode.NotFound, "itemNotFound", $"Bucket '{name}' is not registered.");

    private static string? Free(StorageHealth health) => health is { FreeBytes: { } free, TotalBytes: { } total } ? $"{Sizes.Of(free)} of {Sizes.Of(total)}" : null;

    private static (string Title, Func<T, string?> Value)[] HealthColumns<T>(Func<T, StorageHealth> health) =>
    [
        ("HEALTH", row => health(row).Status),
        ("BACKUPS", row => $"{health(row).BackupCount}"),
        ("ARCHIVES", row => Sizes.Of(health(row).ArchiveBytes)),
        ("REASON", row => health(row).Reason),
    ];

    private sealed record NodeRow(BackupNode Node, StorageHealth Health);

    private sealed record BucketRow(Bucket Bucket, StorageHealth Health);

    private sealed record ArchiveRow(string Name, long Size, int? ImageBackupId, string LastModified);
}
