using ImageBackup.Core.Persistence;
using Microsoft.Extensions.Logging;

namespace ImageBackup.Core.Flows;

/// <summary>What the parts of one run share.</summary>
internal sealed record FlowRunContext(FlowServices Services, LogBookRecord Book, FlowOperation Operation, RunningBook Running, CancellationToken HostStopping)
{
    public FlowLedger Ledger { get; } = new();

    /// <summary>Canceled when another worker may have the log book: then nothing is written, and nothing is reverted.</summary>
    public CancellationToken Lost { get; } = LogBookFence.Current?.Lost ?? CancellationToken.None;

    public bool IsLost => Lost.IsCancellationRequested;

    public FlowJournal Journal => Services.Journal;

    public ILogger Logger => Services.Logger;

    public Flow FlowOf(FlowRecord row) => Operation.Flows.Single(flow => flow.Name == row.Name);

    /// <summary>The phase of the failed task, or of the flow that could not begin; null if no flow has begun.</summary>
    public FlowPhase? PhaseOfFailure => Ledger.FailedTask is { } failed ? PhaseOf(failed) : Ledger.Flows.LastOrDefault() is { } flow ? FlowOf(flow).Phase : null;

    public FlowPhase PhaseOf(BegunTask task) => task.Task.Phase ?? FlowOf(task.Flow).Phase;

    public BegunTask Begun(FlowTask task, TaskRecord row, FlowRecord flow)
    {
        var live = new RunningTask(task.Name, task.ExpectedBytes, Services.Time) { State = row.State, BytesTotal = row.BytesTotal, BytesDone = row.BytesDone };
        return new BegunTask(task, row, live, flow);
    }
}

/// <summary>The services that every run uses.</summary>
internal sealed record FlowServices(FlowJournal Journal, IFlowListener Listener, FaultInjector Faults, FlowMetrics Metrics, TimeProvider Time, ILogger Logger);

/// <summary>A task with its row, its live figures and the row of its flow.</summary>
internal sealed record BegunTask(FlowTask Task, TaskRecord Row, RunningTask Live, FlowRecord Flow);
