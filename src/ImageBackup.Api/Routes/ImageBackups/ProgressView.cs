using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using ImageBackup.Api.Http;
using ImageBackup.Core.Flows;
using ImageBackup.Core.Persistence;

namespace ImageBackup.Api.Routes.ImageBackups;

/// <summary>The progress document on the wire: the seed's fields under <c>details</c>, and ours where they are asked for.</summary>
internal static class ProgressView
{
    public static ProgressResponse For(ProgressDocument document, bool withDetails) => new(new ProgressDetails
    {
        FlowDetails = document.Flows.ToDictionary(flow => flow.Key, flow => flow.Value.ToWire()),
        Progress = document.Progress,
        CompletedTasks = document.Tasks.Where(task => task.IsCompleted).ToDictionary(task => task.Name, task => task.State.ToWire()),
        PendingTasks = document.Tasks.Where(task => !task.IsCompleted).ToDictionary(task => task.Name, task => task.State.ToWire()),
        TaskResults = document.Tasks.Where(task => task.IsCompleted).ToDictionary(task => task.Name, task => task.Result),
        Action = withDetails ? document.Action : null,
        FailReason = withDetails ? document.Reason : null,
        CreatedAt = withDetails ? ApiJson.CinderTime(document.CreatedAt) : null,
        StartedAt = withDetails ? ApiJson.CinderTime(document.StartedAt) : null,
        FinishedAt = withDetails ? ApiJson.CinderTime(document.FinishedAt) : null,
        Tasks = withDetails ? [.. document.Tasks.Select(Describe)] : null,
    });

    private static TaskView Describe(TaskProgress task) => new()
    {
        Name = task.Name,
        State = task.State.ToWire(),
        BytesDone = task.BytesDone,
        BytesTotal = task.BytesTotal,
        BytesPerSecond = task.BytesPerSecond,
        EtaSeconds = task.EtaSeconds,
        Attempt = task.Attempt,
        StartedAt = ApiJson.CinderTime(task.StartedAt),
        FinishedAt = ApiJson.CinderTime(task.FinishedAt),
        FailReason = task.Failure,
    };
}

/// <summary>The envelope.</summary>
/// <param name="Details">The progress.</param>
internal sealed record ProgressResponse(ProgressDetails Details);

/// <summary>Tables 11 and 12; from <c>action</c> on, ours.</summary>
internal sealed record ProgressDetails
{
    /// <summary>Each flow and its state: PENDING, RUNNING, SUCCESS, REVERTING, REVERTED or FAILURE.</summary>
    public required Dictionary<string, string> FlowDetails { get; init; }

    /// <summary>Percent, by bytes; 100 only where every flow is SUCCESS.</summary>
    /// <example>100</example>
    public required int Progress { get; init; }

    /// <summary>Each task that has ended, and its state.</summary>
    public required Dictionary<string, string> CompletedTasks { get; init; }

    /// <summary>Each task that has not, and its state.</summary>
    public required Dictionary<string, string> PendingTasks { get; init; }

    /// <summary>What each task that has ended has made; null for one that makes nothing to tell.</summary>
    public required Dictionary<string, JsonNode?> TaskResults { get; init; }

    /// <summary>With details=true: export, import, upload, download, verify or delete.</summary>
    /// <example>export</example>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Action { get; init; }

    /// <summary>With details=true: why it failed, where it did.</summary>
    /// <example>create_ova_1 failed: the disk is full</example>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? FailReason { get; init; }

    /// <summary>With details=true: when it was asked for, UTC.</summary>
    /// <example>2026-11-23T19:24:18.433390</example>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? CreatedAt { get; init; }

    /// <summary>With details=true: when it began, UTC, where it has.</summary>
    /// <example>2026-11-23T19:24:18.540219</example>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? StartedAt { get; init; }

    /// <summary>With details=true: when it ended, UTC, where it has.</summary>
    /// <example>2026-11-23T19:24:19.077488</example>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? FinishedAt { get; init; }

    /// <summary>With details=true: every task in run order.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<TaskView>? Tasks { get; init; }
}

/// <summary>One task, with <c>?details=true</c>: bytes, bytes per second, seconds, UTC.</summary>
internal sealed record TaskView
{
    /// <summary>The name on the wire.</summary>
    /// <example>backup_vol_283332d7-a5e4-4df8-9480-08fbae18875b_1</example>
    public required string Name { get; init; }

    /// <summary>PENDING, RUNNING, SUCCESS, FAILURE, REVERTING, REVERTED or REVERT_FAILURE.</summary>
    /// <example>SUCCESS</example>
    public required string State { get; init; }

    /// <summary>Bytes read or written so far.</summary>
    /// <example>67108864</example>
    public required long BytesDone { get; init; }

    /// <summary>Bytes there are to do; 0 where the task moves none.</summary>
    /// <example>67108864</example>
    public required long BytesTotal { get; init; }

    /// <summary>Bytes a second; null where nothing was moved yet.</summary>
    /// <example>604697128</example>
    public long? BytesPerSecond { get; init; }

    /// <summary>Seconds left; null where that is not known, or it has ended.</summary>
    public long? EtaSeconds { get; init; }

    /// <summary>1, and one more for each start after a crash.</summary>
    /// <example>1</example>
    public required int Attempt { get; init; }

    /// <summary>When it began, UTC; null where it has not.</summary>
    /// <example>2026-11-23T19:24:18.819054</example>
    public string? StartedAt { get; init; }

    /// <summary>When it ended, UTC; null where it has not.</summary>
    /// <example>2026-11-23T19:24:18.930033</example>
    public string? FinishedAt { get; init; }

    /// <summary>Why it failed; null where it did not.</summary>
    public string? FailReason { get; init; }
}
