using System.Globalization;

namespace ImageBackup.Benchmarks;

/// <summary>The options of a run.</summary>
internal sealed record BenchmarkOptions
{
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>Small volumes and one run each, to check the bytes. The times mean nothing.</summary>
    public bool IsTiny { get; init; }

    /// <summary>The number of runs of each contender. The median counts.</summary>
    public int Runs { get; init; } = 3;

    /// <summary>The published service's assembly; null to publish it from the sources.</summary>
    public string? Program { get; init; }

    /// <summary>The numbers of records of the growth benchmark, ascending.</summary>
    public IReadOnlyList<int> Sizes { get; init; } = [1000, 10_000, 100_000];

    /// <summary>How long the soak takes, in minutes.</summary>
    public double Minutes { get; init; } = 2;

    /// <summary>The seed of the soak's random operations; null for another one each time.</summary>
    public int? Seed { get; init; }

    /// <summary>The directory for volumes and archives, about 25 GB.</summary>
    public string Directory { get; init; } = Path.GetTempPath();

    /// <summary>The page whose generated part is replaced, or null.</summary>
    public string? Docs { get; init; }

    /// <summary>The JSON file for the figures, or null.</summary>
    public string? Json { get; init; }

    /// <exception cref="ArgumentException">An option is unknown or lacks its value.</exception>
    public static BenchmarkOptions Parse(string[] args)
    {
        var options = new BenchmarkOptions { IsTiny = args.Contains("tiny") };
        var names = new List<string>();
        for (var i = 0; i < args.Length; i++)
        {
            if (!args[i].StartsWith("--", StringComparison.Ordinal))
            {
                names.Add(args[i]);
                continue;
            }

            var value = i + 1 < args.Length ? args[i + 1] : throw new ArgumentException($"{args[i]} wants a value");
            options = args[i++] switch
            {
                "--runs" => options with { Runs = int.Parse(value, CultureInfo.InvariantCulture) },
                "--program" => options with { Program = value },
                "--sizes" => options with { Sizes = [.. value.Split(',').Select(size => int.Parse(size, CultureInfo.InvariantCulture)).Order()] },
                "--minutes" => options with { Minutes = double.Parse(value, CultureInfo.InvariantCulture) },
                "--seed" => options with { Seed = int.Parse(value, CultureInfo.InvariantCulture) },
                "--directory" => options with { Directory = value },
                "--docs" => options with { Docs = value },
                "--json" => options with { Json = value },
                var unknown => throw new ArgumentException($"{unknown} is not known; --runs, --sizes, --minutes, --seed, --program, --directory, --docs and --json are"),
            };
        }

        // Alone, it runs all benchmarks in the tiny form.
        names.RemoveAll(name => name == "tiny" && names.Count > 1);
        return options with { Names = names, Runs = options.IsTiny ? 1 : options.Runs };
    }
}
