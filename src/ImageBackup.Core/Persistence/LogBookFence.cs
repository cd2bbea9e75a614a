namespace ImageBackup.Core.Persistence;

/// <summary>
/// The claim under which a worker runs a log book. It follows the calls of the run, so that every write to a shared database checks it: once another worker
/// has taken the log book, the run changes nothing any more and ends.
/// </summary>
public sealed class LogBookFence : IDisposable
{
    private static readonly AsyncLocal<LogBookFence?> Ambient = new();

    private readonly CancellationTokenSource lost;
    private readonly CancellationTokenSource ending;
    private readonly LogBookFence? outer = Ambient.Value;

    /// <summary>Begins the run of a log book in the calling asynchronous method.</summary>
    /// <param name="book">The log book as it was claimed.</param>
    /// <param name="leaseLost">Canceled when the worker has lost its lease.</param>
    /// <param name="hostStopping">Canceled when the host stops.</param>
    public LogBookFence(LogBookRecord book, CancellationToken leaseLost, CancellationToken hostStopping)
    {
        (BookId, WorkerId, Number) = (book.Id, book.WorkerId, book.Fence);
        lost = CancellationTokenSource.CreateLinkedTokenSource(leaseLost);
        ending = CancellationTokenSource.CreateLinkedTokenSource(lost.Token, hostStopping);
        (Lost, Ending) = (lost.Token, ending.Token);
        Ambient.Value = this;
    }

    /// <summary>The claim of the calling run; null outside of runs.</summary>
    public static LogBookFence? Current => Ambient.Value;

    public string BookId { get; }

    public int? WorkerId { get; }

    /// <summary>The fence: greater at each claim of the log book.</summary>
    public long Number { get; }

    /// <summary>Canceled when the run may change nothing any more, not even to revert.</summary>
    public CancellationToken Lost { get; }

    /// <summary>Canceled by <see cref="Lost"/>, or when the host stops.</summary>
    public CancellationToken Ending { get; }

    /// <summary>Ends the run, because another worker has the log book.</summary>
    /// <returns>The exception to throw. Its token is canceled, so that nothing takes it for a failure of the work.</returns>
    public OperationCanceledException Lose()
    {
        lost.Cancel();
        return new OperationCanceledException($"Another worker has taken log book {BookId}.", Lost);
    }

    public void Dispose()
    {
        Ambient.Value = outer;
        ending.Dispose();
        lost.Dispose();
    }
}
