using ImageBackup.Core.Persistence;
using Microsoft.Extensions.Logging;

namespace ImageBackup.Core.Flows;

/// <summary>
/// Runs log books: each flow's tasks in order, each result recorded before the next begins, from the first task that is
/// not SUCCESS; chains of tasks side by side. A task that fails is reverted, then those before it, newest first (TaskFlow's rule).
/// </summary>
public sealed class FlowEngine(FlowStore store, RunningFlows runningFlows, FaultInjector faults, FlowMetrics metrics, TimeProvider time, ILogger<FlowEngine> logger)
{
    /// <summary>Runs to the end, or until <paramref name="hostStopping"/> ends it halfway (then it throws, and a restart goes on).</summary>
    public async Task<FlowOutcome> RunAsync(string logBookId, FlowOperation operation, IFlowListener listener, CancellationToken hostStopping)
    {
        var running = runningFlows.Enter(logBookId, hostStopping);
        try
        {
            // Only now is the row read: a stop asked for before this line is in it, one asked for after it reaches the running book.
            var book = await store.FindAsync(logBookId, hostStopping) ?? throw new InvalidOperationException($"Log book {logBookId} is gone.");
            running.Plan(operation.Flows);
            if (book.CancelReason is { } reason)
            {
                running.Stop(reason);
            }

            var services = new FlowServices(store, faults, metrics, time, logger);
            return await new FlowRun(services, book, operation, running, listener, hostStopping).RunAsync();
        }
        finally
        {
            runningFlows.Leave(running);
        }
    }

    /// <summary>Ends a log book that can't be run at all; what it has left can't be undone either, so its flows are FAILURE.</summary>
    public async Task<FlowOutcome> GiveUpAsync(string logBookId, string reason, IFlowListener listener)
    {
        var book = await store.FindAsync(logBookId, CancellationToken.None) ?? throw new InvalidOperationException($"Log book {logBookId} is gone.");
        var outcome = new FlowOutcome(false, null, reason);
        var unfinished = book.Flows.Where(flow => flow.State != FlowState.Success);
        await store.FinishAsync(book, unfinished, FlowState.Failure, book.Progress, db => listener.FinishedAsync(db, book, outcome, CancellationToken.None));
        return outcome;
    }
}

/// <summary>What every run needs of the program.</summary>
internal sealed record FlowServices(FlowStore Store, FaultInjector Faults, FlowMetrics Metrics, TimeProvider Time, ILogger Logger);
