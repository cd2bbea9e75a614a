namespace ImageBackup.Benchmarks;

/// <summary>One way to do it: ours through the API, or somebody else's program.</summary>
/// <param name="RunAsync">Does it once and measures; the last run's output may be looked at, the one before must be gone by itself.</param>
internal sealed record Contender(string Name, bool IsOurs, Func<CancellationToken, Task<Measurement>> RunAsync);

/// <summary>Lets contenders run in turn, A B C A B C, so that what else the machine does meets all of them.</summary>
internal static class Contest
{
    public static async Task<IReadOnlyList<ContenderResult>> RunAsync(Bench bench, IReadOnlyList<Contender> contenders, CancellationToken cancellationToken)
    {
        var runs = contenders.ToDictionary(contender => contender.Name, _ => new List<Measurement>());
        for (var run = 0; run < bench.Options.Runs; run++)
        {
            foreach (var contender in contenders)
            {
                // Nobody pays for writing back what the one before has left in the page cache.
                await Shell.RunAsync("sync", cancellationToken);
                var measured = await contender.RunAsync(cancellationToken);
                runs[contender.Name].Add(measured);
                bench.Say($"   {contender.Name}: {measured.WallSeconds:0.00} s, {measured.CpuSeconds:0.00} s of CPU, {measured.OutputBytes >> 20} MiB, peak {measured.PeakBytes >> 20} MiB");
            }
        }

        return [.. contenders.Select(contender => new ContenderResult(contender.Name, contender.IsOurs, Median(runs[contender.Name]), runs[contender.Name]))];
    }

    /// <summary>The middle one of each figure.</summary>
    private static Measurement Median(List<Measurement> runs) => new(
        Median(runs, run => run.WallSeconds),
        Median(runs, run => run.CpuSeconds),
        (long)Median(runs, run => run.PeakBytes),
        (long)Median(runs, run => run.OutputBytes));

    private static double Median(List<Measurement> runs, Func<Measurement, double> figure) => runs.Select(figure).Order().ElementAt(runs.Count / 2);
}
