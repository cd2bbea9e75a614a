using System.Diagnostics;

namespace ImageBackup.Benchmarks.Growth;

/// <summary>Sends requests to a process and measures it.</summary>
internal static class Requests
{
    /// <summary>Number of measured requests, the same for the service and the trivial program.</summary>
    public const int Count = 20_000;

    private const int Clients = 8;

    /// <summary>Returns the processor time of one request in milliseconds, after the same number of requests for warm-up.</summary>
    public static async Task<double> CpuAsync(MeasuredService service, Func<int, string> uriOf, int count, CancellationToken cancellationToken)
    {
        await SendAsync(service, uriOf, count, cancellationToken);
        var before = service.CpuSeconds;
        await SendAsync(service, uriOf, count, cancellationToken);
        return (service.CpuSeconds - before) * 1000 / count;
    }

    /// <summary>Returns the milliseconds of each request, one after another.</summary>
    public static async Task<List<double>> TimesAsync(MeasuredService service, string uri, int count, CancellationToken cancellationToken)
    {
        var times = new List<double>(count);
        for (var i = 0; i < count; i++)
        {
            var start = Stopwatch.GetTimestamp();
            await GetAsync(service, uri, cancellationToken);
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        return times;
    }

    /// <summary>Returns a body.</summary>
    /// <exception cref="InvalidOperationException">The response is not 200.</exception>
    public static async Task<string> GetAsync(MeasuredService service, string uri, CancellationToken cancellationToken)
    {
        using var answer = await service.Http.GetAsync(new Uri(uri, UriKind.Relative), cancellationToken);
        var body = await answer.Content.ReadAsStringAsync(cancellationToken);
        return answer.IsSuccessStatusCode ? body : throw new InvalidOperationException($"{uri} was answered with {(int)answer.StatusCode}: {body}");
    }

    /// <summary>Returns the value below which this part of the values is.</summary>
    public static double At(IReadOnlyCollection<double> values, double part) => values.Order().ElementAt((int)((values.Count - 1) * part));

    private static Task SendAsync(MeasuredService service, Func<int, string> uriOf, int count, CancellationToken cancellationToken)
        => Parallel.ForEachAsync(
            Enumerable.Range(0, count),
            new ParallelOptions { MaxDegreeOfParallelism = Clients, CancellationToken = cancellationToken },
            async (number, token) => await GetAsync(service, uriOf(number), token));
}
