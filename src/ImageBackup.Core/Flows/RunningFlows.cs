using System.Collections.Concurrent;

namespace ImageBackup.Core.Flows;

/// <summary>The log books that run in this process.</summary>
public sealed class RunningFlows
{
    private readonly ConcurrentDictionary<string, RunningBook> books = new(StringComparer.Ordinal);

    public int Count => books.Count;

    public RunningBook? Find(string logBookId) => books.GetValueOrDefault(logBookId);

    /// <summary>Stops the log books that run in this process. A log book that does not run yet has the reason in its row.</summary>
    public void Stop(IEnumerable<string> logBookIds, string reason)
    {
        foreach (var id in logBookIds)
        {
            Find(id)?.Stop(reason);
        }
    }

    internal RunningBook Enter(string logBookId, CancellationToken hostStopping)
    {
        var book = new RunningBook(logBookId, hostStopping);
        return books.TryAdd(logBookId, book) ? book : throw new InvalidOperationException($"Log book {logBookId} already runs.");
    }

    internal void Leave(RunningBook book)
    {
        books.TryRemove(book.Id, out _);
        book.Dispose();
    }
}
