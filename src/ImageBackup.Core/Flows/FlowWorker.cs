using System.Text.Json;
using ImageBackup.Core.Persistence;
using ImageBackup.Core.Settings;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Polly;
using Polly.Retry;

namespace ImageBackup.Core.Flows;

/// <summary>Takes log books from the queue and runs them. Each pool has a fixed number of workers.</summary>
internal sealed partial class FlowWorker(
    FlowQueue queue,
    WorkerStore workers,
    FlowEngine engine,
    FlowActions actions,
    IOptions<FlowOptions> options,
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

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await untilDatabaseWorks.ExecuteAsync(async token => await workers.RegisterAsync(token), stoppingToken);
        var copies = Enumerable.Range(0, options.Value.MaxConcurrent).Select(_ => WorkAsync(WorkerPool.Copies, stoppingToken));
        var quick = Enumerable.Range(0, QuickAtOnce).Select(_ => WorkAsync(WorkerPool.Quick, stoppingToken));
        await Task.WhenAll(copies.Concat(quick));
    }

    private async Task WorkAsync(WorkerPool pool, CancellationToken stoppingToken)
    {
        while (true)
        {
            var book = await untilDatabaseWorks.ExecuteAsync(async token => await queue.DequeueAsync(pool, token), stoppingToken);
            await RunAsync(book, stoppingToken);
            queue.Wake();
        }
    }

    private async Task RunAsync(LogBookRecord book, CancellationToken stoppingToken)
    {
        try
        {
            LogStarted(logger, book.Action, book.BackupId, book.Id);
            var start = time.GetTimestamp();
            var operation = TryLoad(book);
            var outcome = operation is not null
                ? await engine.RunAsync(book.Id, operation, stoppingToken)
                : await engine.GiveUpAsync(book.Id, $"{book.Action}: This version cannot read the operation's state, which another version of the service wrote. Start the operation again.");
            if (outcome.Succeeded)
            {
                var figures = operation!.Figures;
                LogSucceeded(logger, book.Action, book.BackupId, figures.Name ?? "", figures.Describe(time.GetElapsedTime(start)), book.Id);
            }
        }
        catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
        {
            // The engine itself failed, for example because of the database. The rows have not changed, so the log book can run again.
            LogFailed(logger, exception, book.Action, book.Id, book.BackupId);
            await Task.Delay(RetryDelay, time, stoppingToken);
            await untilDatabaseWorks.ExecuteAsync(async token => await queue.PutBackAsync(book, token), stoppingToken);
        }
    }

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

    [LoggerMessage(LogLevel.Error, "The database did not answer for the queue; a worker tries again")]
    private static partial void LogQueueFailed(ILogger logger, Exception exception);

    [LoggerMessage(LogLevel.Error, "Operation {Action}, task_id {TaskId}, image backup {BackupId}, could not be run and is queued again")]
    private static partial void LogFailed(ILogger logger, Exception exception, string action, string taskId, int backupId);

    [LoggerMessage(LogLevel.Error, "The state of operation {Action}, task_id {TaskId}, image backup {BackupId}, cannot be read; the operation fails")]
    private static partial void LogUnreadable(ILogger logger, Exception exception, string action, string taskId, int backupId);
}
