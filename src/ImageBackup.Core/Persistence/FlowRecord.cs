namespace ImageBackup.Core.Persistence;

/// <summary>A flow of a log book, such as <c>ExportFlow</c> (TaskFlow's flow detail).</summary>
public sealed class FlowRecord
{
    public int Id { get; init; }

    public required string LogBookId { get; init; }

    public required string Name { get; init; }

    public required int Position { get; init; }

    public required FlowState State { get; set; }

    public List<TaskRecord> Tasks { get; init; } = [];
}

/// <summary>TaskFlow's states of a flow.</summary>
public enum FlowState
{
    Pending,
    Running,
    Success,
    Failure,
    Reverting,
    Reverted,
}
