namespace ImageBackup.Benchmarks;

/// <summary>One run of one contender: seconds of wall and of processor (user and system, all processes), the largest resident memory of a process, bytes of what came out.</summary>
internal sealed record Measurement(double WallSeconds, double CpuSeconds, long PeakBytes, long OutputBytes);

/// <summary>A contender's medians.</summary>
internal sealed record ContenderResult(string Name, bool IsOurs, Measurement Median, IReadOnlyList<Measurement> Runs);

/// <summary>A figure with the mark to reach; <c>Higher</c> says which side of the mark is the good one.</summary>
internal sealed record Figure(string Name, double Value, string Unit, double? Bar, double? Aim, bool Higher)
{
    public bool? ReachesBar => Bar is { } bar ? Reaches(bar) : null;

    public bool? ReachesAim => Aim is { } aim ? Reaches(aim) : null;

    private bool Reaches(double mark) => Higher ? Value >= mark : Value <= mark;
}

/// <summary>What one benchmark has found.</summary>
internal sealed record BenchmarkResult(string Name, string Subject, IReadOnlyList<ContenderResult> Contenders, IReadOnlyList<Figure> Figures)
{
    /// <summary>Where our own time went: seconds by task, of the run with the median wall time.</summary>
    public IReadOnlyDictionary<string, double> Tasks { get; init; } = new Dictionary<string, double>();

    public Measurement Of(string contender) => Contenders.Single(result => result.Name == contender).Median;
}
