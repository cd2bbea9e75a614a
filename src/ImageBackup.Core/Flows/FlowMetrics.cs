using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text.Json;
using ImageBackup.Core.Persistence;
using ImageBackup.Core.Settings;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace ImageBackup.Core.Flows;

/// <summary>
/// Metrics and traces of operations: the meter and the activity source <c>ImageBackup</c>. Labels have few values: the label <c>task</c> is a kind
/// of task, such as <c>backup_volume</c>, because wire names contain ids.
/// </summary>
public sealed class FlowMetrics
{
    /// <summary>The name of the meter and of the activity source.</summary>
    public const string Name = "ImageBackup";

    /// <summary>Bucket boundaries from bookkeeping to copies that take a day.</summary>
    private static readonly InstrumentAdvice<double> Seconds = new() { HistogramBucketBoundaries = [0.1, 1, 5, 15, 60, 300, 900, 3600, 14_400, 86_400] };

    private static readonly ActivitySource Activities = new(Name);

    private readonly Counter<long> started;
    private readonly Counter<long> finished;
    private readonly Histogram<double> duration;
    private readonly Counter<long> tasks;
    private readonly Histogram<double> taskDuration;
    private readonly Counter<long> bytes;
    private readonly Counter<long> failures;

    /// <summary>The name of this process among the services, on what only this process does.</summary>
    private readonly KeyValuePair<string, object?> worker;

    public FlowMetrics(IMeterFactory meters, IDbContextFactory<ImageBackupDbContext> contexts, RunningFlows running, IOptions<ClusterOptions> cluster)
    {
        worker = new KeyValuePair<string, object?>("worker", cluster.Value.HostName);
        var meter = meters.Create(Name);
        started = meter.CreateCounter<long>("imagebackup.flows.started", "{flow}", "Operations that a worker started or resumed, by action.");
        finished = meter.CreateCounter<long>("imagebackup.flows.finished", "{flow}", "Operations that ended, by action and outcome (success, failure).");
        duration = meter.CreateHistogram<double>("imagebackup.flow.duration", "s", "Seconds from the start of an operation to its end.", null, Seconds);
        tasks = meter.CreateCounter<long>("imagebackup.tasks.finished", "{task}", "Tasks that ended, by kind and outcome (success, failure).");
        taskDuration = meter.CreateHistogram<double>("imagebackup.task.duration", "s", "Seconds of a task that succeeded.", null, Seconds);
        bytes = meter.CreateCounter<long>("imagebackup.task.processed", "By", "Bytes that tasks processed, by kind; the rate is the throughput.");
        failures = meter.CreateCounter<long>("imagebackup.flow.failures", "{failure}", "Operations that failed, by action, task and cause.");
        meter.CreateObservableGauge("imagebackup.flows.running", () => new Measurement<int>(running.Count, worker), "{flow}", "Operations that this process runs now.");
        meter.CreateObservableGauge("imagebackup.flows.queued", () => CountQueued(contexts), "{flow}", "Operations that wait for a worker; the same at every process.");
    }

    /// <summary>Returns the kind of a task: its class name, such as <c>backup_volume</c>.</summary>
    public static string KindOf(FlowTask task)
    {
        var name = task.GetType().Name;
        return JsonNamingPolicy.SnakeCaseLower.ConvertName(name.EndsWith("Task", StringComparison.Ordinal) ? name[..^4] : name);
    }

    /// <summary>Counts an operation that a worker starts. Returns an activity that ends when it is disposed; null without a listener.</summary>
    internal Activity? FlowStarted(LogBookRecord book)
    {
        started.Add(1, new KeyValuePair<string, object?>("action", book.Action), worker);
        var activity = Activities.StartActivity($"flow {book.Action}");
        activity?.SetTag("imagebackup.task_id", book.Id).SetTag("imagebackup.backup_id", book.BackupId);
        return activity;
    }

    internal void FlowFinished(LogBookRecord book, FlowOutcome outcome, TimeSpan elapsed)
    {
        var tags = new TagList { { "action", book.Action }, { "outcome", Word(outcome.Succeeded) }, worker };
        finished.Add(1, tags);
        duration.Record(elapsed.TotalSeconds, tags);
    }

    internal static Activity? TaskStarted(FlowTask task)
    {
        var activity = Activities.StartActivity($"task {KindOf(task)}");
        activity?.SetTag("imagebackup.task", task.Name);
        return activity;
    }

    internal void TaskSucceeded(FlowTask task, TimeSpan elapsed)
    {
        tasks.Add(1, new TagList { { "task", KindOf(task) }, { "outcome", Word(true) }, worker });
        taskDuration.Record(elapsed.TotalSeconds, new KeyValuePair<string, object?>("task", KindOf(task)), worker);
    }

    internal void Failed(LogBookRecord book, FlowTask? task, string cause)
    {
        var kind = task is null ? "none" : KindOf(task);
        tasks.Add(1, new TagList { { "task", kind }, { "outcome", Word(false) }, worker });
        failures.Add(1, new TagList { { "action", book.Action }, { "task", kind }, { "cause", cause }, worker });
    }

    /// <summary>Counts the bytes since the last report. A task that starts again may report fewer than before.</summary>
    internal void Processed(FlowTask task, long before, long now)
    {
        if (now > before)
        {
            bytes.Add(now - before, new KeyValuePair<string, object?>("task", KindOf(task)), worker);
        }
    }

    private static string Word(bool succeeded) => succeeded ? "success" : "failure";

    /// <summary>Synchronous, because metric collectors call it.</summary>
    private static int CountQueued(IDbContextFactory<ImageBackupDbContext> contexts)
    {
        using var db = contexts.CreateDbContext();
        return db.LogBooks.Count(book => book.QueueState == QueueState.Queued);
    }
}
