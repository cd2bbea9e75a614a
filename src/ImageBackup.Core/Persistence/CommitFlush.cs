using ImageBackup.Core.Settings;

namespace ImageBackup.Core.Persistence;

/// <summary>
/// Flushes commits to the disk, several at a time (group commit). SQLite itself does not flush them: its connections have <c>synchronous = NORMAL</c>,
/// which keeps the database consistent after a power failure but may lose the last commits (https://sqlite.org/pragma.html#pragma_synchronous).
/// </summary>
internal sealed class CommitFlush(DataPaths paths) : IDisposable
{
    private static readonly AsyncLocal<bool> Deferred = new();

    private readonly string log = paths.Database + "-wal";
    private readonly Lock sync = new();
    private readonly SemaphoreSlim turn = new(1);
    private Task? waiting;

    /// <summary>
    /// Leaves the commits of the calling asynchronous method to the next flush. A power failure may then lose them; the end of the process does not. Only
    /// for changes that a restart makes again.
    /// </summary>
    public static void Defer() => Deferred.Value = true;

    /// <summary>Returns when every earlier commit is on the disk.</summary>
    /// <exception cref="IOException">The disk failed.</exception>
    public Task FlushAsync()
    {
        if (Deferred.Value)
        {
            return Task.CompletedTask;
        }

        lock (sync)
        {
            return waiting ??= Task.Run(RunAsync);
        }
    }

    public void Dispose() => turn.Dispose();

    /// <summary>Waits for the present flush, because it may not have the callers' commits, and flushes for all callers that came meanwhile.</summary>
    private async Task RunAsync()
    {
        await turn.WaitAsync();
        try
        {
            lock (sync)
            {
                waiting = null;
            }

            Flush();
        }
        finally
        {
            turn.Release();
        }
    }

    private void Flush()
    {
        try
        {
            using var file = File.OpenHandle(log, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
            RandomAccess.FlushToDisk(file);
        }
        catch (FileNotFoundException)
        {
            // SQLite has moved everything into the database and has flushed that.
        }
    }
}
