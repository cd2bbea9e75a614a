using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using ImageBackup.Api.Http;
using ImageBackup.Core.Operations;

namespace ImageBackup.Api.Routes.ImageBackups;

/// <summary>The operations of a project as server-sent events. One reader looks at the operations of all projects, once a second while somebody listens.</summary>
internal sealed partial class OperationEvents(OperationLook look, IHostApplicationLifetime lifetime, ILogger<OperationEvents> logger)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Without a change, the operations are repeated after this time. Proxies close connections that stay silent longer.</summary>
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    /// <summary>A stream ends after this time, so that the next request checks the token and the role again.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    /// <summary>A stream whose client is so many looks behind ends. The looks that it has not read would stay in memory.</summary>
    private const int MostBehind = 30;

    private readonly Lock sync = new();
    private Look last = new(null, 0);
    private int listeners;
    private bool isReading;

    /// <summary>Returns <c>operations</c> at the start and after each change of them, and <c>changed</c> with the image backups that have changed.</summary>
    public async IAsyncEnumerable<SseItem<byte[]>> ListenAsync(string projectId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(lifetime.ApplicationStopping, cancellationToken);
        ending.CancelAfter(Longest);
        var present = Join();
        var sent = Array.Empty<byte>();
        try
        {
            while (Volatile.Read(ref last).Number - present.Number <= MostBehind)
            {
                var operations = present.Operations(projectId);
                if (operations is not null && !operations.AsSpan().SequenceEqual(sent))
                {
                    yield return new SseItem<byte[]>(sent = operations, "operations");
                }

                if (await NextAsync(present, ending.Token) is not { } next)
                {
                    yield break;
                }

                sent = next == present ? [] : sent;
                if (next != present && next.Changed(projectId) is { } changed)
                {
                    yield return new SseItem<byte[]>(changed, "changed");
                }

                present = next;
            }
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>Waits for the next look. Returns the same one after a long silence, and null at the end of the stream or the service.</summary>
    private static async Task<Look?> NextAsync(Look present, CancellationToken ending)
    {
        try
        {
            return await present.Next.Task.WaitAsync(Heartbeat, ending);
        }
        catch (TimeoutException)
        {
            return present;
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            return null;
        }
    }

    private Look Join()
    {
        lock (sync)
        {
            listeners++;
            if (!isReading)
            {
                // Do not send operations from before the pause.
                last = new Look(null, last.Number);
                isReading = true;
                _ = Task.Run(ReadAsync, CancellationToken.None);
            }

            return last;
        }
    }

    private void Leave()
    {
        lock (sync)
        {
            listeners--;
        }
    }

    private async Task ReadAsync()
    {
        look.Restart();
        try
        {
            while (Continues())
            {
                await PublishAsync();
                await Task.Delay(Interval, lifetime.ApplicationStopping);
            }
        }
        catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            // The service stops.
        }
    }

    private async Task PublishAsync()
    {
        try
        {
            var view = await look.NextAsync(lifetime.ApplicationStopping);
            Look before;
            lock (sync)
            {
                (before, last) = (last, new Look(view, last.Number + 1));
            }

            before.Next.SetResult(last);
        }
        catch (Exception exception) when (!lifetime.ApplicationStopping.IsCancellationRequested)
        {
            LogFailed(logger, exception);
        }
    }

    private bool Continues()
    {
        lock (sync)
        {
            return isReading = listeners > 0;
        }
    }

    [LoggerMessage(LogLevel.Warning, "The operations could not be read for the event streams; they are read again")]
    private static partial void LogFailed(ILogger logger, Exception exception);

    /// <summary>One look, its events by project, and the way to the look after it. There is no view before the first look.</summary>
    private sealed class Look(OperationView? view, long number)
    {
        private readonly Dictionary<string, byte[]> operations = [];

        public long Number => number;

        public TaskCompletionSource<Look> Next { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public byte[]? Operations(string projectId)
        {
            if (view is null)
            {
                return null;
            }

            lock (operations)
            {
                return operations.TryGetValue(projectId, out var json) ? json : operations[projectId] = Write(OperationsResponse.Of(view, projectId));
            }
        }

        public byte[]? Changed(string projectId)
            => view is not null && view.Changes.Any(change => change.ProjectId == projectId) ? Write(ChangedResponse.Of(view, projectId)) : null;

        private static byte[] Write<T>(T response) => JsonSerializer.SerializeToUtf8Bytes(response, ApiJson.Options);
    }
}
