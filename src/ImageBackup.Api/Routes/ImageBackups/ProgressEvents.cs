using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using ImageBackup.Api.Http;
using ImageBackup.Core.Access;
using ImageBackup.Core.Flows;

namespace ImageBackup.Api.Routes.ImageBackups;

/// <summary>The progress of an operation as server-sent events: <c>progress</c> after each change, <c>end</c> with the operation.</summary>
internal static class ProgressEvents
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    /// <summary>Without a change, the last event is repeated after this time. Proxies close connections that stay silent longer.</summary>
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    /// <summary>Returns the events until the operation ends or the service stops.</summary>
    public static async IAsyncEnumerable<SseItem<string>> ReadAsync(
        FlowProgress progress, Caller caller, ProgressDocument first, string taskId, CancellationToken stopping, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stopping, cancellationToken);
        var document = first;
        var last = "";
        var silent = TimeSpan.Zero;
        while (!ending.IsCancellationRequested)
        {
            var json = JsonSerializer.Serialize(new Enveloped<ProgressResponse>(ProgressResponse.Of(document, withDetails: true)), ApiJson.Options);
            silent += Interval;
            if (json != last || silent >= Heartbeat)
            {
                yield return new SseItem<string>(json, "progress");
                (last, silent) = (json, TimeSpan.Zero);
            }

            if (document.IsFinished)
            {
                yield return new SseItem<string>(json, "end");
                yield break;
            }

            await Task.Delay(Interval, ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            document = await progress.GetAsync(caller, taskId, document.BackupId, cancellationToken);
        }
    }
}
