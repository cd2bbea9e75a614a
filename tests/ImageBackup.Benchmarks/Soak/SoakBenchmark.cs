namespace ImageBackup.Benchmarks.Soak;

/// <summary>
/// Runs random operations for <see cref="BenchmarkOptions.Minutes"/>: the first half with SIGKILL, SIGTERM and <c>reset_status</c>, the second
/// half in one process, whose memory, handles and threads are compared. It fails if an operation fails that nobody stopped, if an image backup
/// cannot be verified and restored at the end, or if a file, volume or image is left after everything was deleted.
/// </summary>
internal sealed class SoakBenchmark : IBenchmark
{
    /// <summary>How long the one process works before its use is first measured, as a part of the second half.</summary>
    private const double WarmUp = 0.4;

    public string Name => "soak";

    public async Task<BenchmarkResult> RunAsync(Bench bench, CancellationToken cancellationToken)
    {
        var seed = bench.Options.Seed ?? Random.Shared.Next();
        bench.Say($"   --seed {seed}");
        var half = TimeSpan.FromMinutes(bench.Options.Minutes / 2);
        using var run = await SoakRun.StartAsync(bench.PathOf("data-soak"), seed);
        try
        {
            await run.WorkAsync(half, isDisturbed: true, cancellationToken);
            await run.RestartAsync(isKill: false);
            await run.WorkAsync(half * WarmUp, isDisturbed: false, cancellationToken);
            var before = await run.RestAsync(cancellationToken);
            await run.WorkAsync(half * (1 - WarmUp), isDisturbed: false, cancellationToken);
            var after = await run.RestAsync(cancellationToken);
            await run.CheckAndDeleteAllAsync();
            return Result(run, before, after);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            throw new InvalidOperationException($"--seed {seed}: {error.Message}\n{run.LastWords}", error);
        }
    }

    private static BenchmarkResult Result(SoakRun run, ProcessUse before, ProcessUse after) => new(
        "soak",
        "random operations with kills and resets; nothing is lost, nothing is left",
        [],
        [
            new("operations that ended", run.Ended, "", null, null, Higher: true),
            new("operations that reset_status stopped", run.Stopped, "", null, null, Higher: true),
            new("kills (SIGKILL)", run.Kills, "", null, null, Higher: true),
            new("restarts (SIGTERM)", run.Restarts, "", null, null, Higher: true),
            new("operations that failed by themselves", 0, "", 0, null, Higher: false),
            new("image backups that could not be verified and restored", 0, "", 0, null, Higher: false),
            new("files, volumes and images left", 0, "", 0, null, Higher: false),
            new("growth of memory", after.MiB - before.MiB, "MiB", 64, null, Higher: false),
            new("growth of open handles", after.Handles - before.Handles, "", 8, null, Higher: false),
            new("growth of threads", after.Threads - before.Threads, "", 8, null, Higher: false),
        ]);
}
