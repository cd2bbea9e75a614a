using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Microsoft.Data.Sqlite;

namespace ImageBackup.Benchmarks.Growth;

/// <summary>Many clients start exports at the same time.</summary>
internal static class ExportRush
{
    private const int Clients = 16;
    private const long VolumeSize = 8L << 20;

    public static async Task<IReadOnlyList<Figure>> MeasureAsync(Bench bench, CancellationToken cancellationToken)
    {
        var count = bench.Options.IsTiny ? 8 : 1000;
        var volume = bench.PathOf("rush.raw");
        VolumeMaker.Make(volume, VolumeKind.Dense, VolumeSize);
        await using var service = await bench.StartServiceAsync(cancellationToken, Bench.HighRateLimit);
        var client = new MeasuredClient(service);
        var image = await client.CreateImageAsync(volume, "source", cancellationToken);
        await client.ExportAsync(image, "warm", "Fast", cancellationToken);

        var times = new ConcurrentBag<double>();
        var progress = new ConcurrentBag<string>();
        var start = Stopwatch.GetTimestamp();
        await Parallel.ForEachAsync(Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = Clients, CancellationToken = cancellationToken }, async (number, token) =>
        {
            var begin = Stopwatch.GetTimestamp();
            progress.Add(await client.StartExportAsync(image, $"rush-{number}", "Fast", token));
            times.Add(Stopwatch.GetElapsedTime(begin).TotalMilliseconds);
        });
        var accepted = Stopwatch.GetElapsedTime(start).TotalSeconds;
        foreach (var uri in progress)
        {
            await client.WaitAsync(uri, cancellationToken);
        }

        var all = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return
        [
            new($"{count} exports of {VolumeSize >> 20} MiB, posted by {Clients} clients: all accepted after", accepted, "s", 10, null, Higher: false),
            new("the same: answers, p99", Requests.At(times, 0.99), "ms", 200, null, Higher: false),
            new("the same: exports that started before an earlier one", await OutOfOrderAsync(service, cancellationToken), "", 0, null, Higher: false),
            new("the same: all exports done, per second", count / all, "/s", null, null, Higher: true),
            new("the same: largest resident memory", service.PeakBytes / 1048576.0, "MiB", 300, null, Higher: false),
        ];
    }

    /// <summary>Counts the operations with an earlier start than an operation before them in the queue.</summary>
    private static async Task<int> OutOfOrderAsync(MeasuredService service, CancellationToken cancellationToken)
    {
        await using var database = new SqliteConnection($"Data Source={service.DataDirectory}/imagebackup.db;Pooling=False");
        await database.OpenAsync(cancellationToken);
        await using var command = database.CreateCommand();
        command.CommandText = "SELECT count(*) FROM (SELECT StartedAt, lag(StartedAt) OVER (ORDER BY Sequence) AS Before FROM log_books) WHERE StartedAt < Before";
        return Convert.ToInt32(await command.ExecuteScalarAsync(cancellationToken), CultureInfo.InvariantCulture);
    }
}
