using ImageBackup.Benchmarks.Growth;

namespace ImageBackup.Benchmarks;

/// <summary>One run of one contender: wall seconds, processor seconds (user and system, all processes), the largest resident memory of a process, and the size of the output.</summary>
internal sealed record Measurement(double WallSeconds, double CpuSeconds, long PeakBytes, long OutputBytes);

/// <summary>A contender's medians.</summary>
internal sealed record ContenderResult(string Name, bool IsOurs, Measurement Median, IReadOnlyList<Measurement> Runs);

/// <summary>A figure with its required value. <c>Higher</c> is true if larger figures are better.</summary>
internal sealed record Figure(string Name, double Value, string Unit, double? Bar, double? Aim, bool Higher)
{
    public bool? ReachesBar => Bar is { } bar ? Reaches(bar) : null;

    public bool? ReachesAim => Aim is { } aim ? Reaches(aim) : null;

    private bool Reaches(double mark) => Higher ? Value >= mark : Value <= mark;
}

/// <summary>The result of one benchmark.</summary>
internal sealed record BenchmarkResult(string Name, string Subject, IReadOnlyList<ContenderResult> Contenders, IReadOnlyList<Figure> Figures)
{
    /// <summary>The seconds of each task, in the run with the median wall time.</summary>
    public IReadOnlyDictionary<string, double> Tasks { get; init; } = new Dictionary<string, double>();

    /// <summary>Figures by the number of records; null for a benchmark that does not vary it.</summary>
    public GrowthTable? Growth { get; init; }

    public Measurement Of(string contender) => Contenders.Single(result => result.Name == contender).Median;
}
