namespace ImageBackup.Core.Flows;

/// <summary>A kind of operation that the engine can run.</summary>
/// <param name="Name">The action in the log book, such as <c>export</c>.</param>
/// <param name="Workers">The workers that run it.</param>
/// <param name="Load">Makes the operation from the state in the log book.</param>
public sealed record FlowAction(string Name, WorkerPool Workers, Func<string, FlowOperation> Load);

/// <summary>A group of workers with its own limit.</summary>
public enum WorkerPool
{
    /// <summary>Runs operations that copy volumes and archives.</summary>
    Copies,

    /// <summary>Runs quick operations, so that they never wait behind copies.</summary>
    Quick,
}
