using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using ImageBackup.Api.Http;
using ImageBackup.Core.Flows;
using ImageBackup.Core.Persistence;

namespace ImageBackup.Api.Routes.ImageBackups;

/// <summary>The progress of an operation (IBM's Tables 11 and 12). The fields from action on are ImageBackup's own.</summary>
[Envelope("details")]
internal sealed record ProgressResponse
{
    /// <summary>State of each flow: PENDING, RUNNING, SUCCESS, REVERTING, REVERTED or FAILURE.</summary>
    public required Dictionary<string, string> FlowDetails { get; init; }

    /// <summary>Progress in percent, by bytes. It is 100 only if every flow is SUCCESS.</summary>
    /// <example>100</example>
    public required int Progress { get; init; }

    /// <summary>State of each finished task.</summary>
    public required Dictionary<string, string> CompletedTasks { get; init; }

    /// <summary>State of each task that is not finished.</summary>
    public required Dictionary<string, string> PendingTasks { get; init; }

    /// <summary>Result of each finished task; null for a task without a result.</summary>
    public required Dictionary<string, JsonNode?> TaskResults { get; init; }

    /// <summary>With details=true: export, import, upload, download, verify or delete.</summary>
    /// <example>export</example>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Action { get; init; }

    /// <summary>With details=true: why the operation failed, if it did.</summary>
    /// <example>create_ova_1 failed: the disk is full</example>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? FailReason { get; init; }

    /// <summary>With details=true: when the operation was requested, UTC.</summary>
    /// <example>2026-11-23T19:24:18.433390</example>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? CreatedAt { get; init; }

    /// <summary>With details=true: when the operation started, UTC, if it has.</summary>
    /// <example>2026-11-23T19:24:18.540219</example>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? StartedAt { get; init; }

    /// <summary>With details=true: when the operation ended, UTC, if it has.</summary>
    /// <example>2026-11-23T19:24:19.077488</example>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? FinishedAt { get; init; }

    /// <summary>With details=true: bytes that the tasks have processed.</summary>
    /// <example>67108864</example>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? BytesDone { get; init; }

    /// <summary>With details=true: bytes of the tasks in the list. It grows when a flow begins, because only then its tasks are known.</summary>
    /// <example>67108864</example>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? BytesTotal { get; init; }

    /// <summary>With details=true: the rate of the running tasks together, if it is known.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? BytesPerSecond { get; init; }

    /// <summary>With details=true: estimated seconds until the tasks in the list end, if there is a rate. It is not less than for one of the tasks.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? EtaSeconds { get; init; }

    /// <summary>With details=true: when a running task has last processed data, UTC, if it is known.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? LastDataAt { get; init; }

    /// <summary>With details=true: every task in run order.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<TaskProgressResponse>? Tasks { get; init; }

    public static ProgressResponse Of(ProgressDocument document, bool withDetails)
    {
        var bytes = withDetails ? document.Bytes : null;
        return new ProgressResponse
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
            BytesDone = bytes?.Done,
            BytesTotal = bytes?.Total,
            BytesPerSecond = bytes?.PerSecond,
            EtaSeconds = bytes?.EtaSeconds,
            LastDataAt = ApiJson.CinderTime(bytes?.MovedAt),
            Tasks = withDetails ? [.. document.Tasks.Select(TaskProgressResponse.Of)] : null,
        };
    }
}

/// <summary>The progress of one task.</summary>
internal sealed record TaskProgressResponse
{
    /// <summary>The name.</summary>
    /// <example>backup_vol_283332d7-a5e4-4df8-9480-08fbae18875b_1</example>
    public required string Name { get; init; }

    /// <summary>PENDING, RUNNING, SUCCESS, FAILURE, REVERTING, REVERTED or REVERT_FAILURE.</summary>
    /// <example>SUCCESS</example>
    public required string State { get; init; }

    /// <summary>Number of bytes read or written so far.</summary>
    /// <example>67108864</example>
    public required long BytesDone { get; init; }

    /// <summary>Number of bytes to read or write; 0 for a task that moves no data.</summary>
    /// <example>67108864</example>
    public required long BytesTotal { get; init; }

    /// <summary>Bytes per second: of the last 10 seconds while the task runs, and 0 if it moved none for that time; the average after its end. Null if it is not known.</summary>
    /// <example>604697128</example>
    public long? BytesPerSecond { get; init; }

    /// <summary>Estimated seconds left at this rate; null without a rate, and after the end of the task.</summary>
    public long? EtaSeconds { get; init; }

    /// <summary>When the running task has last processed data, UTC; null if it is not known.</summary>
    public string? LastDataAt { get; init; }

    /// <summary>1, plus one for each restart of the service during the task.</summary>
    /// <example>1</example>
    public required int Attempt { get; init; }

    /// <summary>Start time, UTC; null if the task has not started.</summary>
    /// <example>2026-11-23T19:24:18.819054</example>
    public string? StartedAt { get; init; }

    /// <summary>End time, UTC; null if the task has not ended.</summary>
    /// <example>2026-11-23T19:24:18.930033</example>
    public string? FinishedAt { get; init; }

    /// <summary>Why the task failed; null if it did not.</summary>
    public string? FailReason { get; init; }

    public static TaskProgressResponse Of(TaskProgress task) => new()
    {
        Name = task.Name,
        State = task.State.ToWire(),
        BytesDone = task.BytesDone,
        BytesTotal = task.BytesTotal,
        BytesPerSecond = task.BytesPerSecond,
        EtaSeconds = task.EtaSeconds,
        LastDataAt = ApiJson.CinderTime(task.MovedAt),
        Attempt = task.Attempt,
        StartedAt = ApiJson.CinderTime(task.StartedAt),
        FinishedAt = ApiJson.CinderTime(task.FinishedAt),
        FailReason = task.Failure,
    };
}
