using ImageBackup.Core.Persistence;
using Microsoft.Extensions.Logging;

namespace ImageBackup.Core.Flows;

/// <summary>
/// Runs log books. The tasks of a flow run in order, and chains of tasks in parallel, from the first task that is not SUCCESS. Each result is recorded
/// before the next task begins. A failed task is reverted, then those before it, newest first (TaskFlow's rule).
/// </summary>
public sealed class FlowEngine(FlowStore store, FlowJournal journal, IFlowListener listener, RunningFlows runningFlows, FaultInjector faults, FlowMetrics metrics, TimeProvider time, ILogger<FlowEngine> logger)
{
    /// <summary>Runs a log book to its end. If the host stops, it throws instead; a restart resumes.</summary>
    public async Task<FlowOutcome> RunAsync(string logBookId, FlowOperation operation, CancellationToken hostStopping)
    {
        var running = runningFlows.Enter(logBookId, hostStopping);
        try
        {
            // Read the row after Enter: an earlier request to stop is in the row, a later one reaches the running log book.
            var book = Find(logBookId);
            running.Plan(operation.Flows);
            if (book.CancelReason is { } reason)
            {
                running.Stop(reason);
            }

            var services = new FlowServices(journal, listener, faults, metrics, time, logger);
            return await new FlowRun(new FlowRunContext(services, book, operation, running, hostStopping)).RunAsync();
        }
        finally
        {
            runningFlows.Leave(running);
        }
    }

    /// <summary>Ends a log book whose operation cannot be made. Its flows are FAILURE, because nothing can revert them.</summary>
    public async Task<FlowOutcome> GiveUpAsync(string logBookId, string reason)
    {
        var book = Find(logBookId);
        var outcome = new FlowOutcome(false, null, null, reason);
        var unfinished = book.Flows.Where(flow => flow.State != FlowState.Success);
        await journal.FinishAsync(book, unfinished, FlowState.Failure, book.Progress, outcome, listener);
        return outcome;
    }

    private LogBookRecord Find(string logBookId)
        => store.Find(logBookId) ?? throw new InvalidOperationException($"Log book {logBookId} is missing.");
}
