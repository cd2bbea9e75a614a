using System.Text.Json;
using ImageBackup.Core.Errors;
using ImageBackup.Core.Persistence;
using ImageBackup.Core.Persistence.PostgreSql;
using ImageBackup.Core.Settings;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Polly;
using Polly.Retry;

namespace ImageBackup.Core.Flows;

/// <summary>Takes log books from the queue and runs them while this process has its lease. Each pool has a fixed number of workers.</summary>
internal sealed partial class FlowWorker(
    FlowQueue queue,
    WorkerStore workers,
    LeaseKeeper keeper,
    FlowEngine engine,
    FlowActions actions,
    IOptions<FlowOptions> options,
    IOptions<ClusterOptions> cluster,
    DataPaths paths,
    DirectoryMarkers markers,
    TimeProvider time,
    ILogger<FlowWorker> logger) : BackgroundService
{
    private const int QuickAtOnce = 2;
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(5);

    /// <summary>Repeats an access to the queue until the database works again.</summary>
    private readonly ResiliencePipeline untilDatabaseWorks = new ResiliencePipelineBuilder { TimeProvider = time }
        .AddRetry(new RetryStrategyOptions
        {
            MaxRetryAttempts = int.MaxValue,
            Delay = RetryDelay,
            ShouldHandle = new PredicateBuilder().Handle<Exception>(exception => exception is not OperationCanceledException),
            OnRetry = retry =>
            {
                LogQueueFailed(logger, retry.Outcome.Exception!);
                return ValueTask.CompletedTask;
            },
        })
        .Build();

    /// <summary>The longest time that the end of the process waits for the database.</summary>
    private static readonly TimeSpan LeaveTime = TimeSpan.FromSeconds(3);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            using var lease = await RegisterAsync(stoppingToken);
            using var ending = CancellationTokenSource.CreateLinkedTokenSource(lease.Lost, stoppingToken);
            await UntilEndAsync(lease, ending.Token, stoppingToken);
            if (stoppingToken.IsCancellationRequested)
            {
                await LeaveAsync(lease);
                return;
            }

            LogLeaseLost(logger);
        }
    }

    private async Task<WorkerLease> RegisterAsync(CancellationToken stopping)
    {
        for (var isFirst = true; ; isFirst = false)
        {
            if (await untilDatabaseWorks.ExecuteAsync(async token => await workers.TryRegisterAsync(token), stopping) is { } lease)
            {
                return lease;
            }

            if (isFirst)
            {
                LogNameTaken(logger, cluster.Value.Binary, cluster.Value.HostName);
            }

            await Task.Delay(RetryDelay, time, stopping);
        }
    }

    /// <summary>Returns when the host stops or the lease is lost, after the operations of this process have ended.</summary>
    private async Task UntilEndAsync(WorkerLease lease, CancellationToken ending, CancellationToken stopping)
    {
        var (copies, quick) = cluster.Value.IsWorker ? (options.Value.MaxConcurrent, QuickAtOnce) : (0, 0);
        var all = Enumerable.Range(0, copies).Select(_ => WorkAsync(WorkerPool.Copies, lease, ending, stopping))
            .Concat(Enumerable.Range(0, quick).Select(_ => WorkAsync(WorkerPool.Quick, lease, ending, stopping)))
            .Append(keeper.RunAsync(lease, ending))
            .Append(Task.Delay(Timeout.Infinite, ending));
        try
        {
            await Task.WhenAll(all);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
        }
    }

    /// <summary>Lets other processes take the operations at once, if the database answers.</summary>
    private async Task LeaveAsync(WorkerLease lease)
    {
        if (lease.Length is null || !lease.IsHeld)
        {
            return;
        }

        using var bounded = new CancellationTokenSource(LeaveTime);
        try
        {
            await workers.LeaveAsync(lease, bounded.Token);
        }
        catch (Exception exception) when (exception is OperationCanceledException || DatabaseErrors.IsUnavailable(exception))
        {
            LogQueueFailed(logger, exception);
        }
    }

    private async Task WorkAsync(WorkerPool pool, WorkerLease lease, CancellationToken ending, CancellationToken stopping)
    {
        while (true)
        {
            var book = await untilDatabaseWorks.ExecuteAsync(async token => await queue.DequeueAsync(pool, lease, token), ending);
            await RunAsync(book, lease, stopping);
            ending.ThrowIfCancellationRequested();
            queue.Wake();
        }
    }

    private async Task RunAsync(LogBookRecord book, WorkerLease lease, CancellationToken stoppingToken)
    {
        using var fence = new LogBookFence(book, queue.IsHeldAsync, RootsOf(book), lease.Lost, stoppingToken);
        try
        {
            await CheckDirectoriesAsync(fence);
            LogStarted(logger, book.Action, book.BackupId, book.Id);
            var start = time.GetTimestamp();
            var operation = TryLoad(book);
            var outcome = operation is not null
                ? await engine.RunAsync(book.Id, operation, fence.Ending)
                : await engine.GiveUpAsync(book.Id, $"{book.Action}: This version cannot read the operation's state, which another version of the service wrote. Start the operation again.");
            if (outcome.Succeeded)
            {
                var figures = operation!.Figures;
                LogSucceeded(logger, book.Action, book.BackupId, figures.Name ?? "", figures.Describe(time.GetElapsedTime(start)), book.Id);
            }
        }
        catch (Exception) when (fence.Lost.IsCancellationRequested)
        {
            // Another worker has the log book, or takes it soon. It goes on where this run was.
            LogLeft(logger, book.Action, book.BackupId, book.Id);
        }
        catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
        {
            // The engine itself failed, for example because of the database or a missing mount. The rows have not changed, so the log book can run again.
            LogFailed(logger, exception, book.Action, book.Id, book.BackupId);
            await PutBackAsync(book, fence, stoppingToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // A task answered the end of the process with another error. The rows have not changed, so the log book goes on after the next start.
            LogStopped(logger, exception, book.Action, book.Id, book.BackupId);
        }
    }

    private async Task PutBackAsync(LogBookRecord book, LogBookFence fence, CancellationToken stoppingToken)
    {
        try
        {
            await Task.Delay(RetryDelay, time, fence.Ending);
            await untilDatabaseWorks.ExecuteAsync(async token => await queue.PutBackAsync(book, token), fence.Ending);
        }
        catch (OperationCanceledException) when (!stoppingToken.IsCancellationRequested)
        {
            // The log book is not this run's any more. It may be back in the queue: the answer of a commit can be lost.
            LogLeft(logger, book.Action, book.BackupId, book.Id);
        }
    }

    /// <summary>Keeps an operation waiting while another directory is mounted in the place of its own. A task tells that a directory does not exist.</summary>
    private async Task CheckDirectoriesAsync(LogBookFence fence)
    {
        foreach (var root in fence.Roots.Where(Directory.Exists))
        {
            await markers.CheckAsync(root, fence.Ending);
        }
    }

    private string[] RootsOf(LogBookRecord book) => book.Node is { } node ? [paths.Volumes, paths.BackupNode(node)] : [paths.Volumes];

    /// <summary>Returns null if this version cannot read the log book. A retry would not help.</summary>
    private FlowOperation? TryLoad(LogBookRecord book)
    {
        try
        {
            return actions.Load(book.Action, book.State);
        }
        catch (Exception exception) when (exception is JsonException or InvalidDataException)
        {
            LogUnreadable(logger, exception, book.Action, book.Id, book.BackupId);
            return null;
        }
    }

    [LoggerMessage(LogLevel.Debug, "The {Action} of image backup {BackupId} started; task_id {TaskId}")]
    private static partial void LogStarted(ILogger logger, string action, int backupId, string taskId);

    [LoggerMessage(LogLevel.Information, "The {Action} of image backup {BackupId} ({Name}) succeeded: {Figures}; task_id {TaskId}")]
    private static partial void LogSucceeded(ILogger logger, string action, int backupId, string name, string figures, string taskId);

    [LoggerMessage(LogLevel.Warning, "The {Action} of image backup {BackupId} was left to another worker, without a change; task_id {TaskId}")]
    private static partial void LogLeft(ILogger logger, string action, int backupId, string taskId);

    [LoggerMessage(LogLevel.Warning, "This process could not extend its lease in time. It left its operations unchanged, and registers again")]
    private static partial void LogLeaseLost(ILogger logger);

    [LoggerMessage(LogLevel.Error, "Another process runs as {Binary} on host {Host}. Until it ends, this process runs no operations. Stop one of them, or set ImageBackup:Cluster:Host to another name")]
    private static partial void LogNameTaken(ILogger logger, string binary, string host);

    [LoggerMessage(LogLevel.Error, "The database did not answer for the queue; a worker tries again")]
    private static partial void LogQueueFailed(ILogger logger, Exception exception);

    [LoggerMessage(LogLevel.Debug, "Operation {Action}, task_id {TaskId}, image backup {BackupId}, was interrupted by the end of the process, and goes on later")]
    private static partial void LogStopped(ILogger logger, Exception exception, string action, string taskId, int backupId);

    [LoggerMessage(LogLevel.Error, "Operation {Action}, task_id {TaskId}, image backup {BackupId}, could not be run and is queued again")]
    private static partial void LogFailed(ILogger logger, Exception exception, string action, string taskId, int backupId);

    [LoggerMessage(LogLevel.Error, "The state of operation {Action}, task_id {TaskId}, image backup {BackupId}, cannot be read; the operation fails")]
    private static partial void LogUnreadable(ILogger logger, Exception exception, string action, string taskId, int backupId);
}
