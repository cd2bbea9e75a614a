using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using ImageBackup.Api.Http;
using ImageBackup.Core.Errors;
using ImageBackup.Core.Flows;

namespace ImageBackup.Api.Routes.ImageBackups;

/// <summary>
/// The progress of operations as server-sent events: <c>progress</c> after each change, <c>end</c> with the operation. One look reads the progress of all
/// operations that clients of this process watch, and serializes each once.
/// </summary>
internal sealed partial class ProgressFeed(FlowProgress progress, IHostApplicationLifetime lifetime, ILogger<ProgressFeed> logger)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    /// <summary>Without a change, the last event is repeated after this time. Proxies close connections that stay silent longer.</summary>
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    private readonly Lock sync = new();
    private readonly Dictionary<string, Watch> watches = [];
    private bool isLooking;

    /// <summary>Returns the events until the operation ends or the service stops.</summary>
    /// <param name="first">The progress that the caller, who may see the operation, has just read.</param>
    /// <param name="taskId">The operation.</param>
    /// <param name="cancellationToken">Ends the events.</param>
    public async IAsyncEnumerable<SseItem<byte[]>> ListenAsync(ProgressDocument first, string taskId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(lifetime.ApplicationStopping, cancellationToken);
        var update = new Update(first);
        yield return update.Event("progress");
        if (!update.IsEnd)
        {
            var watch = Join(update, taskId);
            try
            {
                // The last look for other clients may be older than the first document.
                var last = watch.Last;
                var next = last.IsEnd ? last : await NextAsync(last, ending.Token);
                while (next is not null)
                {
                    update = next;
                    yield return update.Event("progress");
                    next = update.IsEnd ? null : await NextAsync(update, ending.Token);
                }
            }
            finally
            {
                Leave(watch);
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

    private Watch Join(Update first, string taskId)
    {
        lock (sync)
        {
            if (!watches.TryGetValue(taskId, out var watch))
            {
                watches[taskId] = watch = new Watch(first);
            }

            watch.Clients++;
            if (!isLooking)
            {
                isLooking = true;
                _ = Task.Run(LookAsync, CancellationToken.None);
            }

            return watch;
        }
    }

    private void Leave(Watch watch)
    {
        lock (sync)
        {
            watch.Clients--;
        }
    }

    /// <summary>Looks until nobody watches an operation.</summary>
    private async Task LookAsync()
    {
        try
        {
            while (Watched() is { Count: > 0 } watched)
            {
                await Task.Delay(Interval, lifetime.ApplicationStopping);
                await PublishAsync(watched);
            }
        }
        catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            // The service stops.
        }
    }

    /// <summary>Returns the operations to look at. Forgets those that have ended, and those that nobody watches any more.</summary>
    private Dictionary<string, Watch> Watched()
    {
        lock (sync)
        {
            foreach (var (taskId, _) in watches.Where(watch => watch.Value.Clients == 0 || watch.Value.IsOver).ToList())
            {
                watches.Remove(taskId);
            }

            isLooking = watches.Count > 0;
            return new Dictionary<string, Watch>(watches);
        }
    }

    private async Task PublishAsync(IReadOnlyDictionary<string, Watch> watched)
    {
        try
        {
            var found = await progress.FindAsync([.. watched.Keys], lifetime.ApplicationStopping);
            foreach (var (taskId, watch) in watched)
            {
                watch.Publish(found.TryGetValue(taskId, out var document) ? new Update(document) : null);
            }
        }
        catch (Exception exception) when (!lifetime.ApplicationStopping.IsCancellationRequested)
        {
            LogFailed(logger, exception);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The progress could not be read for the event streams; it is read again")]
    private static partial void LogFailed(ILogger logger, Exception exception);

    /// <summary>An operation that clients watch.</summary>
    private sealed class Watch(Update first)
    {
        public int Clients { get; set; }

        public Update Last { get; private set; } = first;

        public bool IsOver { get; private set; }

        /// <summary>Tells the clients of a change. Without an update, the operation was removed, and the requests of its clients fail.</summary>
        public void Publish(Update? update)
        {
            IsOver = update is null or { IsEnd: true };
            if (update is null)
            {
                Last.Next.SetException(new NotFoundException("The operation was removed."));
            }
            else if (!update.IsSameAs(Last))
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

        public bool IsEnd => document.IsFinished;

        public TaskCompletionSource<Update> Next { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public SseItem<byte[]> Event(string type) => new(json, type);

        public bool IsSameAs(Update other) => json.AsSpan().SequenceEqual(other.json);
    }
}
