using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using ImageBackup.Api.Http;
using ImageBackup.Core.Flows;
using ImageBackup.Core.Persistence;

namespace ImageBackup.Api.ImageBackups;

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
internal sealed record ProgressResponse(ProgressDetails Details);

/// <summary>Tables 11 and 12; from <c>action</c> on, ours.</summary>
internal sealed record ProgressDetails
{
    public required Dictionary<string, string> FlowDetails { get; init; }

    public required int Progress { get; init; }

    public required Dictionary<string, string> CompletedTasks { get; init; }

    public required Dictionary<string, string> PendingTasks { get; init; }

    public required Dictionary<string, JsonNode?> TaskResults { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Action { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? FailReason { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? CreatedAt { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? StartedAt { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? FinishedAt { get; init; }

    /// <summary>Every task in run order.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<TaskView>? Tasks { get; init; }
}

/// <summary>One task, with <c>?details=true</c>: bytes, bytes per second, seconds, UTC.</summary>
internal sealed record TaskView
{
    public required string Name { get; init; }

    public required string State { get; init; }

    public required long BytesDone { get; init; }

    public required long BytesTotal { get; init; }

    public long? BytesPerSecond { get; init; }

    public long? EtaSeconds { get; init; }

    public required int Attempt { get; init; }

    public string? StartedAt { get; init; }

    public string? FinishedAt { get; init; }

    public string? FailReason { get; init; }
}
