using ImageBackup.TestSupport;

namespace ImageBackup.Benchmarks.Growth;

/// <summary>The measured reads of a service with many records.</summary>
internal sealed class GrowthReads(MeasuredService service, GrowthSeed seed, Bench bench)
{
    public const string Project = $"/v3/{ServiceFixture.ProjectId}";
    private const string Backups = $"{Project}/image-backups";
    private const string List = $"{Backups}/detail?limit=100";
    private static readonly string[] SortKeys = ["id", "name", "status", "size", "backup_host", "created_at", "updated_at"];

    private int Count => bench.Options.IsTiny ? 20 : Requests.Count;

    private int Repeats => bench.Options.IsTiny ? 2 : 15;

    /// <summary>Returns the path of a finished operation's progress.</summary>
    public string Progress(int number) => $"{Backups}/get_progress?action=export&task_id={GrowthSeed.IdOf(Spread(number))}&backup_id={seed.FirstBackup + Spread(number)}";

    /// <summary>Returns the path of an image backup.</summary>
    public string Show(int number) => $"{Backups}/{seed.FirstBackup + Spread(number)}";

    public Task<double> CpuOfAsync(Func<int, string> uriOf, CancellationToken cancellationToken) => Requests.CpuAsync(service, uriOf, Count, cancellationToken);

    public async Task<double> MedianOfAsync(string uri, CancellationToken cancellationToken)
    {
        await Requests.TimesAsync(service, uri, Repeats, cancellationToken);
        return Requests.At(await Requests.TimesAsync(service, uri, Repeats, cancellationToken), 0.5);
    }

    /// <summary>Measures lists of 100 image backups. Of the sort keys and of the filters, the slowest counts.</summary>
    public async Task<IReadOnlyList<Reading>> ListsAsync(double bar, CancellationToken cancellationToken)
    {
        var ways = SortKeys.SelectMany(key => new[] { $"{key}:asc", $"{key}:desc" }).ToList();

        // In the middle of the orders by id, time and name.
        var marker = seed.FirstBackup + (seed.Size / 2);
        return
        [
            await SlowestAsync("list of 100, slowest sort, median", ways.Select(way => $"{List}&sort={way}"), bar, cancellationToken),
            await SlowestAsync("list of 100, slowest sort behind a marker, median", ways.Select(way => $"{List}&sort={way}&marker={marker}"), bar, cancellationToken),
            await SlowestAsync("list of 100, slowest filter, median", Filters(), bar, cancellationToken),
        ];
    }

    private IEnumerable<string> Filters() =>
    [
        $"{List}&name=backup-{seed.Size / 2}",
        $"{List}&name~=backup-{seed.Size / 2}",
        $"{List}&name~=-1",
        $"{List}&status=error",
        $"{List}&status=deleting",
        $"{List}&backup_host=node-8",
        $"{List}&backup_host=elsewhere",
        $"{List}&src_image_id={GrowthSeed.IdOf(1 + (seed.Size / 40))}",
        $"{List}&status=uploaded&sort=size:asc",
        $"{List}&backup_host=local&status=error&sort=name:asc",
    ];

    private async Task<Reading> SlowestAsync(string name, IEnumerable<string> uris, double bar, CancellationToken cancellationToken)
    {
        var (slowest, median) = ("", 0.0);
        foreach (var uri in uris)
        {
            var time = await MedianOfAsync(uri, cancellationToken);
            (slowest, median) = time > median ? (uri, time) : (slowest, median);
        }

        bench.Say($"   {name}: {median:0.0} ms, {slowest[List.Length..]}");
        return new Reading(name, "ms", median, bar);
    }

    /// <summary>Returns numbers from 1 to the size, spread over all of them.</summary>
    private int Spread(int number) => 1 + (int)(number * 7919L % seed.Size);
}
