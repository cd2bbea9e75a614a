using ImageBackup.Benchmarks;
using ImageBackup.Benchmarks.Soak;
using ImageBackup.TestSupport;

namespace ImageBackup.Api.Tests.Benchmarks;

/// <summary>Runs each benchmark in its tiny form. This checks the bytes and the options of the other programs, and measures nothing.</summary>
public sealed class TinyBenchmarkTests
{
    public static TheoryData<string> Names => [.. Catalogue.All.Select(benchmark => benchmark.Name).Where(name => name != "soak")];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Tiny_benchmark_produces_the_right_bytes(string name)
    {
        RequirePrograms(name);
        using var bench = new Bench(new BenchmarkOptions { IsTiny = true, Runs = 1 });
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(3));

        var result = await Assert.Single(Catalogue.Choose([name])).RunAsync(bench, limit.Token);

        Assert.NotEmpty(result.Figures);
        Assert.All(result.Figures, figure => Assert.True(double.IsFinite(figure.Value), figure.Name));
        Assert.All(result.Contenders, contender => Assert.True(contender.Median.OutputBytes > 0, contender.Name));
    }

    [Fact]
    public async Task Soak_loses_nothing_and_leaves_nothing()
    {
        using var bench = new Bench(new BenchmarkOptions { IsTiny = true, Minutes = 2 });

        var result = await new SoakBenchmark().RunAsync(bench, CancellationToken.None);

        Assert.All(result.Figures, figure => Assert.True(figure.ReachesBar ?? figure.Value > 0, $"{figure.Name}: {figure.Value} {figure.Unit}"));
    }

    [Fact]
    public async Task The_documented_command_runs_every_benchmark_and_writes_the_page()
    {
        var page = await File.ReadAllTextAsync(Path.Combine(ProgramRun.Repository, "docs", "benchmarks.md"));
        var command = page.Split('\n').Single(line => line.StartsWith("    dotnet run", StringComparison.Ordinal));

        var options = BenchmarkOptions.Parse(command[(command.IndexOf(" -- ", StringComparison.Ordinal) + 4)..].Split(' '));

        Assert.Equal(Catalogue.All, Catalogue.Choose(options.Names));
        Assert.Equal("docs/benchmarks.md", options.Docs);
    }

    /// <summary>Skips the test unless the programs that the benchmark compares with are installed. <c>transfer</c> also starts Swift.</summary>
    private static void RequirePrograms(string benchmark)
    {
        string[] programs = benchmark.Replace("plain-", "", StringComparison.Ordinal).Split('-')[0] switch
        {
            "export" => ["pigz", "igzip", "zstd", "qemu-img", "python3"],
            "import" => ["pigz", "igzip"],
            "transfer" => ["rclone", "s3cmd"],
            _ => [],
        };
        Requires.Programs(programs);
        if (benchmark.StartsWith("plain-", StringComparison.Ordinal))
        {
            Requires.Root();
        }
        else if (programs is not [] && !benchmark.StartsWith("transfer", StringComparison.Ordinal))
        {
            Requires.Isal();
        }

        if (programs is not [])
        {
            Requires.File("/usr/bin/time", "time");
        }
    }
}
