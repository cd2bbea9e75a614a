using System.Diagnostics;
using ImageBackup.Core.Errors;
using ImageBackup.Core.Persistence;
using Microsoft.Extensions.Logging;

namespace ImageBackup.Core.Flows;

/// <summary>One run of one log book, from the first task that is not SUCCESS to the end, there or back.</summary>
internal sealed partial class FlowRun(FlowServices services, LogBookRecord book, FlowOperation operation, RunningBook running, IFlowListener listener, CancellationToken hostStopping)
{
    /// <summary>A task that ends the process each time it is started must not do so for ever.</summary>
    private const int MostAttempts = 25;
    private static readonly TimeSpan RevertTimeout = TimeSpan.FromSeconds(60);

    private readonly FlowStore store = services.Store;
    private readonly ILogger logger = services.Logger;
    private readonly List<BegunTask> begun = [];
    private readonly List<FlowRecord> open = [];
    private readonly Lock gate = new();
    private BegunTask? current;
    private FirstFailure? firstFailure;

    public async Task<FlowOutcome> RunAsync()
    {
        var start = services.Time.GetTimestamp();
        using var activity = services.Metrics.FlowStarted(book);
        var outcome = await RunFlowsAsync();
        services.Metrics.FlowFinished(book, outcome, services.Time.GetElapsedTime(start));
        activity?.SetStatus(outcome.Succeeded ? ActivityStatusCode.Ok : ActivityStatusCode.Error, outcome.Reason);
        return outcome;
    }

    private async Task<FlowOutcome> RunFlowsAsync()
    {
        try
        {
            foreach (var flow in book.Flows)
            {
                await RunFlowAsync(flow);
            }
        }
        catch (Exception exception) when (!hostStopping.IsCancellationRequested || running.StopReason is not null)
        {
            return await RevertAsync(exception);
        }

        return await FinishAsync(FlowOutcome.Success, FlowState.Success)
            ? FlowOutcome.Success
            : await RevertAsync(new OperationCanceledException());
    }

    private async Task RunFlowAsync(FlowRecord row)
    {
        var flow = operation.Build(row.Name);
        var tasks = await BeginFlowAsync(row, flow);
        await RunChainsAsync(flow, tasks);
        await RunInOrderAsync(tasks.Skip(flow.Chains.Sum(chain => chain.Count)), running.Stopping);

        if (row.State != FlowState.Success && row != book.Flows[^1])
        {
            // The last flow's SUCCESS is written together with the end of the log book.
            row.State = FlowState.Success;
            await store.SetFlowAsync(row.Id, FlowState.Success, hostStopping);
        }

        if (flow.StandsOnceDone && row != book.Flows[^1])
        {
            begun.RemoveAll(task => task.Flow == row);
            open.Remove(row);
        }
    }

    /// <summary>The first chain that fails stops the others; all are still before the failure is told.</summary>
    private async Task RunChainsAsync(Flow flow, IReadOnlyList<BegunTask> tasks)
    {
        var byTask = tasks.ToDictionary(task => task.Task);
        var chains = flow.Chains.Select(chain => chain.Select(task => byTask[task]).ToList()).Where(chain => chain.Exists(task => task.Row.State != TaskState.Success)).ToList();
        if (chains.Count == 0)
        {
            // Else a stop would be heeded here, within a flow that is done and whose results may be meant to stand.
            return;
        }

        var bounded = new ParallelOptions { MaxDegreeOfParallelism = flow.ChainsAtOnce, CancellationToken = running.Stopping };
        await Parallel.ForEachAsync(chains, bounded, async (chain, stopping) => await RunInOrderAsync(chain, stopping));
    }

    private async Task RunInOrderAsync(IEnumerable<BegunTask> tasks, CancellationToken stopping)
    {
        foreach (var task in tasks.Where(task => task.Row.State != TaskState.Success))
        {
            await RunTaskAsync(task, stopping);
        }
    }

    private async Task<IReadOnlyList<BegunTask>> BeginFlowAsync(FlowRecord row, Flow flow)
    {
        open.Add(row);
        var rows = row.State == FlowState.Success ? row.Tasks : await store.BeginFlowAsync(row, flow, hostStopping);
        var tasks = flow.Tasks.Zip(rows, (task, taskRow) => new BegunTask(task, taskRow, Live(task, taskRow), row)).ToList();
        running.Begin(row.Name, [.. tasks.Select(task => task.Live)]);

        // What an earlier run did is undone too, should this one fail; what an earlier run had begun to undo is undone now.
        begun.AddRange(tasks.Where(task => task.Row.State != TaskState.Pending));
        if (tasks.Exists(task => task.Row.State is TaskState.Failure or TaskState.Reverting or TaskState.Reverted or TaskState.RevertFailure))
        {
            current = FindFailed() ?? begun[^1];
            throw new EarlierFailureException(current.Row.Failure ?? "The flow was being reverted when the service stopped.");
        }

        return tasks;
    }

    /// <summary>The task that an earlier run recorded as failed, in whichever flow.</summary>
    private BegunTask? FindFailed()
    {
        foreach (var flow in book.Flows)
        {
            if (flow.Tasks.Find(row => row.Failure is not null) is { } told)
            {
                var task = operation.Build(flow.Name).Tasks.First(task => task.Name == told.Name);
                return new BegunTask(task, told, Live(task, told), flow);
            }
        }

        return null;
    }

    private async Task RunTaskAsync(BegunTask task, CancellationToken stopping)
    {
        stopping.ThrowIfCancellationRequested();
        NoteBegun(task);
        try
        {
            await store.BeginTaskAsync(task.Row, db => listener.TaskStartingAsync(db, book, task.Task, hostStopping), hostStopping);
            task.Live.State = TaskState.Running;
            LogTaskStarted(logger, task.Row.Name, book.Id, book.BackupId, task.Row.Attempt);
            if (task.Row.Attempt > MostAttempts)
            {
                throw new UnavailableException($"The task was started {MostAttempts} times and never came to an end.");
            }

            var start = services.Time.GetTimestamp();
            var result = await ExecuteAsync(task, stopping);
            task.Live.State = TaskState.Success;
            await store.EndTaskAsync(book, task.Row, task.Live, result, operation.SaveState(), running.Progress, stopping);
            services.Metrics.TaskSucceeded(task.Task, services.Time.GetElapsedTime(start));
            LogTaskFinished(logger, task.Row.Name, book.Id, book.BackupId, task.Live.BytesTotal);
        }
        catch (Exception exception)
        {
            // Those beside it fail too, because they are stopped; the reason is the first one's.
            Interlocked.CompareExchange(ref firstFailure, new FirstFailure(task, exception), null);
            throw;
        }
    }

    private void NoteBegun(BegunTask task)
    {
        lock (gate)
        {
            current = task;
            if (!begun.Contains(task))
            {
                begun.Add(task);
            }
        }
    }

    private async Task<object?> ExecuteAsync(BegunTask task, CancellationToken stopping)
    {
        using var activity = FlowMetrics.TaskStarted(task.Task);
        var context = new TaskContext(
            task.Live,
            services.Faults,
            (before, now) => services.Metrics.Processed(task.Task, before, now),
            token => store.SaveStateAsync(book.Id, operation.SaveState(), token),
            token => store.SaveProgressAsync(book.Id, task.Row, task.Live, running.Progress, token));
        await services.Faults.PassAsync(task.Row.Name, 0, 0, stopping);
        var result = await task.Task.ExecuteAsync(context, stopping);
        await services.Faults.PassAsync(task.Row.Name, 1, task.Live.BytesTotal, stopping);
        return result;
    }

    private RunningTask Live(FlowTask task, TaskRecord row)
        => new(task.Name, task.ExpectedBytes, services.Time) { State = row.State, BytesTotal = row.BytesTotal, BytesDone = row.BytesDone };

    private sealed record FirstFailure(BegunTask Task, Exception Exception);

    private sealed record BegunTask(FlowTask Task, TaskRecord Row, RunningTask Live, FlowRecord Flow);

    /// <summary>An earlier run recorded the failure; what is left is to revert.</summary>
    private sealed class EarlierFailureException(string message) : Exception(message);

    [LoggerMessage(LogLevel.Information, "Task {Task} of log book {LogBook}, backup {BackupId}, started (attempt {Attempt})")]
    private static partial void LogTaskStarted(ILogger logger, string task, string logBook, int backupId, int attempt);

    [LoggerMessage(LogLevel.Information, "Task {Task} of log book {LogBook}, backup {BackupId}, finished ({Bytes} bytes)")]
    private static partial void LogTaskFinished(ILogger logger, string task, string logBook, int backupId, long bytes);
}
