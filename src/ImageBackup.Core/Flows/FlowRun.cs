using System.Diagnostics;
using ImageBackup.Core.Persistence;

namespace ImageBackup.Core.Flows;

/// <summary>One run of a log book: (1) each flow in order, from the first task that is not SUCCESS; (2) on failure, the reversal; (3) the end.</summary>
internal sealed class FlowRun(FlowRunContext run)
{
    private readonly TaskRun tasks = new(run);

    public async Task<FlowOutcome> RunAsync()
    {
        var metrics = run.Services.Metrics;
        var start = run.Services.Time.GetTimestamp();
        using var activity = metrics.FlowStarted(run.Book);
        var outcome = await RunFlowsAsync();
        metrics.FlowFinished(run.Book, outcome, run.Services.Time.GetElapsedTime(start));
        activity?.SetStatus(outcome.Succeeded ? ActivityStatusCode.Ok : ActivityStatusCode.Error, outcome.Reason);
        return outcome;
    }

    private async Task<FlowOutcome> RunFlowsAsync()
    {
        try
        {
            foreach (var flow in run.Book.Flows)
            {
                await RunFlowAsync(flow);
            }
        }
        catch (Exception exception) when (!run.IsLost && (!run.HostStopping.IsCancellationRequested || run.Running.StopReason is not null))
        {
            return await new FlowReversal(run).RunAsync(exception);
        }

        return await new FlowEnd(run).FinishAsync(FlowOutcome.Success, FlowState.Success)
            ? FlowOutcome.Success
            : await new FlowReversal(run).RunAsync(new OperationCanceledException());
    }

    private async Task RunFlowAsync(FlowRecord row)
    {
        var flow = run.FlowOf(row);
        var definition = flow.Build();
        var begun = await BeginAsync(row, definition);
        await RunChainsAsync(definition, begun);
        await RunInOrderAsync(begun.Skip(definition.Chains.Sum(chain => chain.Count)), run.Running.Stopping);

        var isLast = row == run.Book.Flows[^1];
        if (row.State != FlowState.Success && !isLast)
        {
            // The end of the log book records the success of the last flow.
            row.State = FlowState.Success;
            await run.Journal.SetFlowAsync(row.Id, FlowState.Success, run.HostStopping);
        }

        if (flow.StandsOnceDone && !isLast)
        {
            run.Ledger.Keep(row);
        }
    }

    private async Task<IReadOnlyList<BegunTask>> BeginAsync(FlowRecord row, FlowTasks flow)
    {
        run.Ledger.Begin(row);
        var rows = row.State == FlowState.Success ? row.Tasks : await run.Journal.BeginFlowAsync(row, flow, run.HostStopping);
        var tasks = flow.All.Zip(rows, (task, taskRow) => run.Begun(task, taskRow, row)).ToList();
        run.Running.Begin(row.Name, [.. tasks.Select(task => task.Live)]);
        foreach (var task in tasks.Where(task => task.Row.State != TaskState.Pending))
        {
            run.Ledger.Begin(task);
        }

        if (tasks.Exists(task => task.Row.State is TaskState.Failure or TaskState.Reverting or TaskState.Reverted or TaskState.RevertFailure))
        {
            ResumeReversal();
        }

        return tasks;
    }

    /// <summary>Fails with the failure of the earlier run, whose reversal did not end.</summary>
    private void ResumeReversal()
    {
        var failed = FindFailed();
        var failure = new EarlierFailureException(failed?.Row.Failure ?? "The service stopped while the operation was being reverted.");
        run.Ledger.Fail(failed ?? run.Ledger.NewestFirst.First(), failure);
        throw failure;
    }

    private BegunTask? FindFailed()
    {
        foreach (var flow in run.Book.Flows)
        {
            if (flow.Tasks.Find(row => row.Failure is not null) is { } failed)
            {
                return run.Begun(run.FlowOf(flow).Build().All.First(task => task.Name == failed.Name), failed, flow);
            }
        }

        return null;
    }

    /// <summary>Runs the unfinished chains. The first failure stops the other chains.</summary>
    private async Task RunChainsAsync(FlowTasks flow, IReadOnlyList<BegunTask> tasks)
    {
        var byTask = tasks.ToDictionary(task => task.Task);
        var chains = flow.Chains.Select(chain => chain.Select(task => byTask[task]).ToList()).Where(chain => chain.Exists(task => task.Row.State != TaskState.Success)).ToList();
        if (chains.Count == 0)
        {
            // Parallel.ForEachAsync observes the stop even without chains. A stop must not revert a finished flow whose results stand.
            return;
        }

        var bounded = new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, flow.ChainsAtOnce), CancellationToken = run.Running.Stopping };
        await Parallel.ForEachAsync(chains, bounded, async (chain, stopping) => await RunInOrderAsync(chain, stopping));
    }

    private async Task RunInOrderAsync(IEnumerable<BegunTask> chain, CancellationToken stopping)
    {
        foreach (var task in chain.Where(task => task.Row.State != TaskState.Success))
        {
            await tasks.RunAsync(task, stopping);
        }
    }
}

/// <summary>The failure that an earlier run recorded before it could revert everything.</summary>
internal sealed class EarlierFailureException(string reason) : Exception(reason);
