using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using ImageBackup.Api.Http;
using ImageBackup.Core.Access;
using ImageBackup.Core.Flows;

namespace ImageBackup.Api.Routes.ImageBackups;

/// <summary>
/// The progress of operations as server-sent events: <c>progress</c> after each change, <c>end</c> with the operation. All clients of an operation
/// share one reader, which reads and serializes the progress once.
/// </summary>
internal sealed class ProgressFeed(FlowProgress progress, IHostApplicationLifetime lifetime)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    /// <summary>Without a change, the last event is repeated after this time. Proxies close connections that stay silent longer.</summary>
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    private readonly Lock sync = new();
    private readonly Dictionary<string, Reader> readers = [];

    /// <summary>Returns the events until the operation ends or the service stops.</summary>
    /// <param name="caller">A caller who may see the operation.</param>
    /// <param name="first">The progress that the caller has just read.</param>
    /// <param name="taskId">The operation.</param>
    /// <param name="cancellationToken">Ends the events.</param>
    public async IAsyncEnumerable<SseItem<byte[]>> ListenAsync(
        Caller caller, ProgressDocument first, string taskId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(lifetime.ApplicationStopping, cancellationToken);
        var update = new Update(first);
        yield return update.Event("progress");
        if (!update.IsEnd)
        {
            var reader = Join(caller, update, taskId);
            try
            {
                var next = reader.Last == update ? await NextAsync(update, ending.Token) : reader.Last;
                while (next is not null)
                {
                    update = next;
                    yield return update.Event("progress");
                    next = update.IsEnd ? null : await NextAsync(update, ending.Token);
                }
            }
            finally
            {
                Leave(reader);
            }
        }

        if (update.IsEnd)
        {
            yield return update.Event("end");
        }
    }

    /// <summary>Waits for the next update. Returns the same one after a long silence, and null at the end of the connection or the service.</summary>
    private static async Task<Update?> NextAsync(Update update, CancellationToken ending)
    {
        try
        {
            return await update.Next.Task.WaitAsync(Heartbeat, ending);
        }
        catch (TimeoutException)
        {
            return update;
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            return null;
        }
    }

    private Reader Join(Caller caller, Update first, string taskId)
    {
        lock (sync)
        {
            if (!readers.TryGetValue(taskId, out var reader))
            {
                readers[taskId] = reader = new Reader(taskId, caller, first);
                _ = Task.Run(() => RunAsync(reader), CancellationToken.None);
            }

            reader.Clients++;
            return reader;
        }
    }

    private void Leave(Reader reader)
    {
        lock (sync)
        {
            reader.Clients--;
        }
    }

    private async Task RunAsync(Reader reader)
    {
        try
        {
            while (Continues(reader))
            {
                await Task.Delay(Interval, lifetime.ApplicationStopping);
                reader.Publish(new Update(progress.Get(reader.Caller, reader.TaskId, reader.Last.BackupId)));
            }
        }
        catch (Exception failure)
        {
            // Every client's request fails with it.
            Remove(reader);
            reader.Last.Next.SetException(failure);
        }
    }

    /// <summary>Returns false, and removes the reader, after the end of the operation or when the last client has left.</summary>
    private bool Continues(Reader reader)
    {
        lock (sync)
        {
            return (reader.Clients > 0 && !reader.Last.IsEnd) || !readers.Remove(reader.TaskId);
        }
    }

    private void Remove(Reader reader)
    {
        lock (sync)
        {
            readers.Remove(reader.TaskId);
        }
    }

    private sealed class Reader(string taskId, Caller caller, Update first)
    {
        public string TaskId => taskId;

        public Caller Caller => caller;

        public int Clients { get; set; }

        public Update Last { get; private set; } = first;

        public void Publish(Update update)
        {
            if (!update.IsSameAs(Last))
            {
                var before = Last;
                Last = update;
                before.Next.SetResult(update);
            }
        }
    }

    /// <summary>A change of the progress, and the way to the change after it.</summary>
    private sealed class Update(ProgressDocument document)
    {
        private readonly byte[] json = JsonSerializer.SerializeToUtf8Bytes(new Enveloped<ProgressResponse>(ProgressResponse.Of(document, withDetails: true)), ApiJson.Options);

        public int BackupId => document.BackupId;

        public bool IsEnd => document.IsFinished;

        public TaskCompletionSource<Update> Next { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public SseItem<byte[]> Event(string type) => new(json, type);

        public bool IsSameAs(Update other) => json.AsSpan().SequenceEqual(other.json);
    }
}
