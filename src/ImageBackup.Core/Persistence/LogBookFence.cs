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
    private readonly Dictionary<string, IDisposable> kept = [];
    private readonly SemaphoreSlim gate = new(1);
    private readonly Func<LogBookFence, CancellationToken, Task<bool>> isValid;
    private readonly LogBookFence? outer = Ambient.Value;

    /// <summary>Begins the run of a log book in the calling asynchronous method.</summary>
    /// <param name="book">The log book as it was claimed.</param>
    /// <param name="isValid">Asks the database whether the run still has the log book.</param>
    /// <param name="roots">The directories in which the run may have files.</param>
    /// <param name="leaseLost">Canceled when the worker has lost its lease.</param>
    /// <param name="hostStopping">Canceled when the host stops.</param>
    public LogBookFence(LogBookRecord book, Func<LogBookFence, CancellationToken, Task<bool>> isValid, IReadOnlyList<string> roots, CancellationToken leaseLost, CancellationToken hostStopping)
    {
        (BookId, WorkerId, Number, Roots) = (book.Id, book.WorkerId, book.Fence, roots);
        this.isValid = isValid;
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

    /// <summary>The directories in which the run may have files.</summary>
    public IReadOnlyList<string> Roots { get; }

    /// <summary>Checks the claim of the calling run, before it changes what the database does not protect. Does nothing outside of runs.</summary>
    /// <exception cref="OperationCanceledException">Another worker has the log book, or may take it.</exception>
    public static Task CheckCurrentAsync(CancellationToken cancellationToken) => Current?.CheckAsync(cancellationToken) ?? Task.CompletedTask;

    /// <inheritdoc cref="CheckCurrentAsync"/>
    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        Lost.ThrowIfCancellationRequested();
        if (!await isValid(this, cancellationToken))
        {
            throw Lose();
        }
    }

    /// <summary>Returns what the run keeps under a name until its end. The first call creates it.</summary>
    internal async Task<T> KeepAsync<T>(string name, Func<Task<T>> create, CancellationToken cancellationToken)
        where T : IDisposable
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            if (!kept.TryGetValue(name, out var found))
            {
                kept[name] = found = await create();
            }

            return (T)found;
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>The names of what the run keeps.</summary>
    internal IReadOnlyCollection<string> Kept => kept.Keys;

    /// <summary>Disposes what the run keeps under a name.</summary>
    internal void Forget(string name)
    {
        if (kept.Remove(name, out var found))
        {
            found.Dispose();
        }
    }

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
        foreach (var resource in kept.Values)
        {
            resource.Dispose();
        }

        gate.Dispose();
        ending.Dispose();
        lost.Dispose();
    }
}
