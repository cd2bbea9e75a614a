using System.Runtime.InteropServices;
using ImageBackup.Benchmarks.Growth;

namespace ImageBackup.Benchmarks;

/// <summary>The command line: <c>all</c>, <c>tiny</c>, or names of benchmarks; <c>--runs N</c> (3), <c>--directory DIR</c> (below the system's temporary one), <c>--sizes N,N</c> (of growth: 1000,10000,100000), <c>--minutes N</c> and <c>--seed N</c> (of soak), <c>--program FILE</c> (a published ImageBackup.Api.dll), <c>--docs FILE</c>, <c>--json FILE</c>.</summary>
internal static class Entry
{
    public static async Task<int> Main(string[] args)
    {
        if (args is [TrivialPeer.Command])
        {
            return await TrivialPeer.ServeAsync();
        }

        var options = BenchmarkOptions.Parse(args);
        var chosen = Catalogue.Choose(options.Names);
        if (chosen.Count == 0)
        {
            await Console.Error.WriteLineAsync($"Say all, tiny, or some of: {string.Join(' ', Catalogue.All.Select(benchmark => benchmark.Name))}");
            return 2;
        }

        using var stop = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var bench = new Bench(options);
        foreach (var benchmark in chosen)
        {
            bench.Say($"== {benchmark.Name}");
            bench.Results.Add(await benchmark.RunAsync(bench, stop.Token));
            await Console.Out.WriteLineAsync(Report.Describe(bench.Results[^1]));
            if (!options.IsTiny)
            {
                // Written after each benchmark, so that a stopped run keeps its results.
                await Report.WriteAsync(options, bench.Results, stop.Token);
            }
        }

        return 0;

        void Stop(PosixSignalContext signal)
        {
            // Remove the volumes and stop the service first.
            signal.Cancel = true;
            stop.Cancel();
        }
    }
}
