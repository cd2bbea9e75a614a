using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;

namespace ImageBackup.Benchmarks.Growth;

/// <summary>Many clients follow the progress of one operation as events, while lists are read.</summary>
internal static class EventClients
{
    private const long VolumeSize = 256L << 20;
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(10);

    /// <summary>The numbers of clients, and the cores that they may cost.</summary>
    private static readonly (int Clients, double Bar)[] Loads = [(200, 0.1), (1000, 0.3)];

    /// <summary>All clients of the measurement are one user at one address.</summary>
    private static readonly (string, string)[] ManyConnections =
        [.. new[] { "MaxConnections", "ConnectionsPerClient", "EventStreamsPerUser" }.Select(limit => ($"ImageBackup__Limits__{limit}", "5000"))];

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(3);

    public static async Task<IReadOnlyList<Figure>> MeasureAsync(Bench bench, CancellationToken cancellationToken)
    {
        var volume = bench.PathOf("events.raw");
        VolumeMaker.Make(volume, VolumeKind.Sparse, bench.Scale(VolumeSize));
        await using var service = await bench.StartServiceAsync(cancellationToken, [Bench.HighRateLimit, ("ImageBackup__Emulator__Enabled", "true"), .. ManyConnections]);
        var client = new MeasuredClient(service);
        var image = await client.CreateImageAsync(volume, "source", cancellationToken);
        await client.ExportAsync(image, "warm", "Fast", cancellationToken);
        await ThrottleAsync(service, bench, cancellationToken);
        var operation = await client.StartExportAsync(image, "followed", "Fast", cancellationToken);
        var figures = new List<Figure>();
        foreach (var (clients, bar) in Loads)
        {
            figures.AddRange(await FollowAsync(bench, service, operation, bench.Options.IsTiny ? clients / 100 : clients, bar, cancellationToken));
        }

        figures.Add(new Figure("event clients: largest resident memory", service.PeakBytes / 1048576.0, "MiB", 300, null, Higher: false));
        return figures;
    }

    /// <summary>Slows the pack down, so that the operation runs, with a change at every look, as long as the measurement takes.</summary>
    private static async Task ThrottleAsync(MeasuredService service, Bench bench, CancellationToken cancellationToken)
    {
        var fault = new { fault = new { task = "backup_vol_*", at = 0, action = "throttle", bytes_per_second = bench.Scale(VolumeSize) / 120 } };
        using var answer = await service.Http.PostAsJsonAsync(new Uri("/emulator/faults", UriKind.Relative), fault, cancellationToken);
        answer.EnsureSuccessStatusCode();
    }

    private static async Task<IReadOnlyList<Figure>> FollowAsync(Bench bench, MeasuredService service, string operation, int clients, double bar, CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var followers = Enumerable.Range(0, clients).Select(_ => new Follower(service, operation)).ToList();
        var running = Task.WhenAll(followers.Select(follower => follower.RunAsync(end.Token)));
        while (followers.Exists(follower => follower.Events == 0))
        {
            // A client that fails ends the wait.
            await Task.WhenAny(running, Task.Delay(50, cancellationToken));
            if (running.IsCompleted)
            {
                await running;
                throw new InvalidOperationException("The operation ended before the measurement.");
            }
        }

        await Task.Delay(bench.Options.IsTiny ? TimeSpan.Zero : WarmUp, cancellationToken);
        var list = $"{GrowthReads.Project}/image-backups/detail?limit=100";
        var before = (Cpu: service.CpuSeconds, Time: Stopwatch.GetTimestamp(), Events: followers.Sum(follower => follower.Events));
        await Task.Delay(bench.Options.IsTiny ? TimeSpan.FromMilliseconds(300) : Duration, cancellationToken);
        var (cores, events) = ((service.CpuSeconds - before.Cpu) / Stopwatch.GetElapsedTime(before.Time).TotalSeconds, followers.Sum(follower => follower.Events) - before.Events);
        var lists = await Requests.TimesAsync(service, list, bench.Options.IsTiny ? 2 : 100, cancellationToken);
        await end.CancelAsync();
        await running;
        return
        [
            new($"{clients} event clients on one operation: cores in use", cores, "", bar, null, Higher: false),
            new($"{clients} event clients: events received by one client in a second", events / (double)clients / Duration.TotalSeconds, "", null, null, Higher: true),
            new($"{clients} event clients: list of image backups, p99", Requests.At(lists, 0.99), "ms", 50, null, Higher: false),
        ];
    }

    private sealed class Follower(MeasuredService service, string operation)
    {
        private int events;

        public int Events => Volatile.Read(ref events);

        public async Task RunAsync(CancellationToken ending)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(operation, UriKind.Relative));
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
            try
            {
                using var answer = await service.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ending);
                answer.EnsureSuccessStatusCode();
                using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(ending));
                while (await reader.ReadLineAsync(ending) is { } line)
                {
                    if (line.StartsWith("data:", StringComparison.Ordinal))
                    {
                        Interlocked.Increment(ref events);
                    }
                }
            }
            catch (OperationCanceledException) when (ending.IsCancellationRequested)
            {
                // The measurement is over.
            }
        }
    }
}
