using System.Collections.Concurrent;
using System.Text.Json;
using ImageBackup.Core.Access;
using ImageBackup.Core.BackupNodes;
using ImageBackup.Core.Errors;
using ImageBackup.Core.ObjectStorage.Directories;
using ImageBackup.Core.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ImageBackup.Core.Operations.Discover;

/// <summary>
/// Runs discoveries in the background, one per node and project. A file in the node's directory stays until the discovery has ended, so that a restart
/// goes on with it.
/// </summary>
public sealed partial class Discoveries(
    OvaDiscovery discovery, BackupNodeStore nodes, BackupNodeResolver resolver, IDbContextFactory<ImageBackupDbContext> contexts, ILogger<Discoveries> logger) : BackgroundService
{
    private const string MarkPrefix = ".discovery-";

    /// <summary>How long a request waits for the end, so that small nodes are answered completely.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<(string Node, string Project), (Discovery Discovery, Task Run)> byNode = new();
    private readonly Lock sync = new();

    /// <summary>It is never disposed: a test host stops its services again after they were disposed.</summary>
    private readonly CancellationTokenSource stopping = new();

    /// <summary>Starts a discovery, or joins the project's one that runs on the node, and waits a moment for its end.</summary>
    /// <exception cref="NotFoundException">No node has the id.</exception>
    /// <exception cref="UnavailableException">The node is down.</exception>
    public async Task<DiscoveryProgress> StartAsync(Caller caller, string nodeId, CancellationToken cancellationToken)
    {
        var node = await resolver.ResolveAsync(caller.ProjectId, (await nodes.GetAsync(caller.ProjectId, nodeId, cancellationToken)).BackupNodeId, cancellationToken);
        var (started, run) = Begin(node, caller);
        await Task.WhenAny(run, Task.Delay(Patience, cancellationToken));
        return started.Progress;
    }

    /// <summary>Returns the progress of the project's last discovery on a node since the start of the service.</summary>
    /// <exception cref="NotFoundException">No node has the id, or the node had no discovery.</exception>
    public async Task<DiscoveryProgress> GetAsync(Caller caller, string nodeId, CancellationToken cancellationToken)
    {
        var node = await nodes.GetAsync(caller.ProjectId, nodeId, cancellationToken);
        return byNode.TryGetValue((node.BackupNodeId, caller.ProjectId), out var found)
            ? found.Discovery.Progress
            : throw new NotFoundException($"Backup node {node.BackupNodeId} has had no discovery since the start of the service.");
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await stopping.CancelAsync();
        await Task.WhenAll(byNode.Values.Select(entry => entry.Run)).WaitAsync(cancellationToken);
        await base.StopAsync(cancellationToken);
    }

    /// <summary>Goes on with the discoveries that the last process did not end.</summary>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var db = await contexts.CreateDbContextAsync(stoppingToken);
        foreach (var node in await db.BackupNodes.AsNoTracking().ToListAsync(stoppingToken))
        {
            try
            {
                foreach (var mark in MarksOf(node))
                {
                    // Others can write to the directory of a node, and the settings may have changed.
                    await resolver.ResolveAsync(mark.ProjectId, node.BackupNodeId, stoppingToken);
                    LogResumed(node.BackupNodeId);
                    Begin(node, new Caller(mark.ProjectId, mark.UserId, [], SeesEveryProject: false));
                }
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException or BackupException)
            {
                // The service runs without this discovery, which can be asked for again.
                LogFailed(exception, node.BackupNodeId);
            }
        }
    }

    private (Discovery Discovery, Task Run) Begin(BackupNodeRecord node, Caller caller)
    {
        lock (sync)
        {
            if (byNode.TryGetValue((node.BackupNodeId, caller.ProjectId), out var running) && !running.Run.IsCompleted)
            {
                return running;
            }

            DurableJson.Write(MarkOf(node, caller), new Mark(caller.ProjectId, caller.UserId));
            var started = new Discovery(node, caller);
            return byNode[(node.BackupNodeId, caller.ProjectId)] = (started, Task.Run(() => RunAsync(started)));
        }
    }

    private async Task RunAsync(Discovery started)
    {
        try
        {
            await discovery.RunAsync(started, stopping.Token);
            File.Delete(MarkOf(started.Node, started.Caller));
            started.End(null);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The mark stays for the next process.
        }
        catch (Exception exception)
        {
            LogFailed(exception, started.Node.BackupNodeId);
            started.End(exception is IOException or UnauthorizedAccessException ? "The directory of the node cannot be read." : "The service has failed; its log has the reason.");
        }
    }

    private string MarkOf(BackupNodeRecord node, Caller caller) => Path.Combine(nodes.DirectoryOf(node), MarkPrefix + caller.ProjectId);

    /// <summary>Returns the marks in a node's directory. A name with a further dot is a mark that was not written completely.</summary>
    private IReadOnlyList<Mark> MarksOf(BackupNodeRecord node)
    {
        var directory = new DirectoryInfo(nodes.DirectoryOf(node));
        return directory.Exists
            ? [.. directory.EnumerateFiles($"{MarkPrefix}*").Where(file => file.Name.LastIndexOf('.') == 0)
                .Select(file => DurableJson.Find<Mark>(file.FullName)).OfType<Mark>().Where(mark => mark is { ProjectId: not null, UserId: not null })]
            : [];
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Discovery on backup node {BackupNodeId} goes on after a restart")]
    private partial void LogResumed(string backupNodeId);

    [LoggerMessage(Level = LogLevel.Error, Message = "Discovery on backup node {BackupNodeId} failed")]
    private partial void LogFailed(Exception exception, string backupNodeId);

    /// <summary>The owner of the image backups of a discovery that has not ended.</summary>
    private sealed record Mark(string ProjectId, string UserId);
}
