using System.Collections.Concurrent;

namespace ImageBackup.Core.Flows;

/// <summary>The log books that are being worked on in this process.</summary>
public sealed class RunningFlows
{
    private readonly ConcurrentDictionary<string, RunningBook> books = new(StringComparer.Ordinal);

    /// <summary>How many there are.</summary>
    public int Count => books.Count;

    public RunningBook? Find(string logBookId) => books.GetValueOrDefault(logBookId);

    /// <summary>Tells the work of a log book to stop; nothing where none runs (the reason in its row is found later).</summary>
    public void Stop(string logBookId, string reason) => Find(logBookId)?.Stop(reason);

    internal RunningBook Enter(string logBookId, CancellationToken hostStopping)
    {
        var book = new RunningBook(logBookId, hostStopping);
        return books.TryAdd(logBookId, book) ? book : throw new InvalidOperationException($"Log book {logBookId} is running already.");
    }

    internal void Leave(RunningBook book)
    {
        books.TryRemove(book.Id, out _);
        book.Dispose();
    }
}
