using System.Text.Json;
using ImageBackup.Core.Flows;
using ImageBackup.Core.Persistence;
using ImageBackup.Core.Settings;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ImageBackup.Core.Operations;

/// <summary>Takes log books from the queue and runs them, a bounded number at once; deletions have a lane of their own, so that they never wait behind copies.</summary>
internal sealed partial class FlowWorker(
    FlowQueue queue,
    FlowEngine engine,
    OperationFactory operations,
    BackupFlowListener listener,
    FlowRecovery recovery,
    IDbContextFactory<ImageBackupDbContext> contexts,
    IOptions<FlowOptions> options,
    TimeProvider time,
    ILogger<FlowWorker> logger) : BackgroundService
{
    private const int DeletionsAtOnce = 2;
    private static readonly TimeSpan BeforeAnotherTry = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(50);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await recovery.RecoverAsync(stoppingToken);
        var copies = Enumerable.Range(0, options.Value.MaxConcurrent).Select(_ => WorkAsync(deletions: false, stoppingToken));
        var deletions = Enumerable.Range(0, DeletionsAtOnce).Select(_ => WorkAsync(deletions: true, stoppingToken));
        await Task.WhenAll(copies.Concat(deletions));
    }

    private async Task WorkAsync(bool deletions, CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var book = await queue.DequeueAsync(deletions, stoppingToken);
                await RunAsync(book, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                // The rows say how far everything is; the next start goes on from there.
                return;
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                // The queue itself could not be read; its bell was used up, so it is rung again.
                LogQueueStumbled(logger, exception);
                await Task.Delay(BeforeAnotherTry, time, stoppingToken);
                queue.Ring(deletions ? FlowQueue.Delete : "");
            }
        }
    }

    private async Task RunAsync(LogBookRecord book, CancellationToken stoppingToken)
    {
        try
        {
            LogStarted(logger, book.Action, book.Id, book.BackupId);
            if (book.Action == FlowQueue.Delete)
            {
                await WaitForOthersAsync(book, stoppingToken);
            }

            var outcome = TryLoad(book) is { } operation
                ? await engine.RunAsync(book.Id, operation, listener, stoppingToken)
                : await engine.GiveUpAsync(book.Id, $"{book.Action}: the operation's state can't be read; it was written by another version of the service. Start the operation again.", listener);
            LogFinished(logger, book.Action, book.Id, book.BackupId, outcome.Succeeded);
        }
        catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
        {
            // Not a task failed but the engine's own ground (the database, its disk): the rows say what they said before.
            LogStumbled(logger, exception, book.Action, book.Id, book.BackupId);
            await PutBackAsync(book, stoppingToken);
        }
    }

    /// <summary>Null where the row is not what this version writes: trying again would not help.</summary>
    private FlowOperation? TryLoad(LogBookRecord book)
    {
        try
        {
            return operations.Load(book.Action, book.State);
        }
        catch (Exception exception) when (exception is JsonException or InvalidDataException)
        {
            LogStumbled(logger, exception, book.Action, book.Id, book.BackupId);
            return null;
        }
    }

    /// <summary>Tries until the database takes it: a log book that nobody has would wait for the next start.</summary>
    private async Task PutBackAsync(LogBookRecord book, CancellationToken stoppingToken)
    {
        while (true)
        {
            await Task.Delay(BeforeAnotherTry, time, stoppingToken);
            try
            {
                await queue.PutBackAsync(book, stoppingToken);
                return;
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                LogStumbled(logger, exception, book.Action, book.Id, book.BackupId);
            }
        }
    }

    /// <summary>What was stopped by force must have cleaned up before the rest is deleted.</summary>
    private async Task WaitForOthersAsync(LogBookRecord book, CancellationToken stoppingToken)
    {
        while (true)
        {
            await using (var db = await contexts.CreateDbContextAsync(stoppingToken))
            {
                if (!await db.LogBooks.AnyAsync(other => other.BackupId == book.BackupId && other.Sequence < book.Sequence && other.QueueState != QueueState.Finished, stoppingToken))
                {
                    return;
                }
            }

            await Task.Delay(BetweenLooks, time, stoppingToken);
        }
    }

    [LoggerMessage(LogLevel.Information, "Operation {Action}, log book {LogBook}, backup {BackupId}, started")]
    private static partial void LogStarted(ILogger logger, string action, string logBook, int backupId);

    [LoggerMessage(LogLevel.Information, "Operation {Action}, log book {LogBook}, backup {BackupId}, finished; succeeded: {Succeeded}")]
    private static partial void LogFinished(ILogger logger, string action, string logBook, int backupId, bool succeeded);

    [LoggerMessage(LogLevel.Error, "The queue could not be read and will be tried again")]
    private static partial void LogQueueStumbled(ILogger logger, Exception exception);

    [LoggerMessage(LogLevel.Error, "Operation {Action}, log book {LogBook}, backup {BackupId}, stumbled and will be taken up again")]
    private static partial void LogStumbled(ILogger logger, Exception exception, string action, string logBook, int backupId);
}
