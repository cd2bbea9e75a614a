namespace ImageBackup.Benchmarks;

/// <summary>One way to do the work: the service through its API, or another program.</summary>
/// <param name="RunAsync">Does the work once and measures it. Only the output of the last run is kept.</param>
internal sealed record Contender(string Name, bool IsOurs, Func<CancellationToken, Task<Measurement>> RunAsync);

/// <summary>Runs contenders in turn, A B C A B C, so that other load on the machine affects all of them.</summary>
internal static class Contest
{
    public static async Task<IReadOnlyList<ContenderResult>> RunAsync(Bench bench, IReadOnlyList<Contender> contenders, CancellationToken cancellationToken)
    {
        var runs = contenders.ToDictionary(contender => contender.Name, _ => new List<Measurement>());
        for (var run = 0; run < bench.Options.Runs; run++)
        {
            foreach (var contender in contenders)
            {
                // Write back the page cache of the previous contender first.
                await Shell.RunAsync("sync", cancellationToken);
                var measured = await contender.RunAsync(cancellationToken);
                runs[contender.Name].Add(measured);
                bench.Say($"   {contender.Name}: {measured.WallSeconds:0.00} s, {measured.CpuSeconds:0.00} s of CPU, {measured.OutputBytes >> 20} MiB, peak {measured.PeakBytes >> 20} MiB");
            }
        }

        return [.. contenders.Select(contender => new ContenderResult(contender.Name, contender.IsOurs, Median(runs[contender.Name]), runs[contender.Name]))];
    }

    /// <summary>Returns the median of each figure.</summary>
    private static Measurement Median(List<Measurement> runs) => new(
        Median(runs, run => run.WallSeconds),
        Median(runs, run => run.CpuSeconds),
        (long)Median(runs, run => run.PeakBytes),
        (long)Median(runs, run => run.OutputBytes));

    private static double Median(List<Measurement> runs, Func<Measurement, double> figure) => runs.Select(figure).Order().ElementAt(runs.Count / 2);
}
