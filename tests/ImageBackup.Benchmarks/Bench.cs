using System.Net.Http.Json;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using ImageBackup.TestSupport;

namespace ImageBackup.Benchmarks;

/// <summary>The state that the benchmarks of one call share: a directory, the created volumes, the results.</summary>
internal sealed class Bench : IDisposable
{
    /// <summary>A setting that lets one client send many requests, with the cost of counting them.</summary>
    public static readonly (string Key, string Value) HighRateLimit = ("ImageBackup__Limits__RequestsPerSecond", "1000000");

    /// <summary>Runs a program in a mount namespace in which nothing is where the library was.</summary>
    private static readonly string[] HideIsal =
        ["unshare", "-rm", "sh", "-c", "for file in $(/sbin/ldconfig -p | sed -n 's/.*libisal.so.2 .*=> //p'); do mount --bind /dev/null $file || exit; done; exec \"$@\"", "sh"];

    private readonly string directory;
    private string? program;

    public Bench(BenchmarkOptions options)
    {
        Options = options;
        directory = Path.Combine(options.Directory, $"imagebackup-bench-{Environment.ProcessId}");
        Directory.CreateDirectory(directory);
        var needed = options.IsTiny ? 1L << 30 : 25L << 30;
        var free = new DriveInfo(directory).AvailableFreeSpace;
        if (free < needed)
        {
            Directory.Delete(directory, recursive: true);
            throw new IOException($"{needed} bytes are needed in {options.Directory}, {free} are free; --directory names another place.");
        }
    }

    public BenchmarkOptions Options { get; }

    public List<BenchmarkResult> Results { get; } = [];

    /// <summary>Returns a size, reduced in the tiny form.</summary>
    public long Scale(long bytes) => Options.IsTiny ? Math.Max(4 << 20, bytes >> 7) : bytes;

    /// <summary>Returns a path for a contender's output.</summary>
    public string PathOf(string name) => Path.Combine(directory, name);

    /// <summary>Returns the volume of this kind and full size, created at its first use.</summary>
    public string Volume(VolumeKind kind, long size)
    {
        var path = PathOf($"{kind}-{size >> 20}.raw".ToLowerInvariant());
        if (!File.Exists(path))
        {
            VolumeMaker.Make(path, kind, Scale(size));
        }

        return path;
    }

    /// <summary>Starts a service on an empty data directory.</summary>
    public Task<MeasuredService> StartServiceAsync(CancellationToken cancellationToken, params (string Key, string Value)[] settings)
        => StartServiceAsync(PathOf($"data-{Guid.NewGuid():n}"), settings, cancellationToken);

    /// <summary>Starts a service on a data directory, which may exist.</summary>
    public async Task<MeasuredService> StartServiceAsync(string dataDirectory, (string Key, string Value)[] settings, CancellationToken cancellationToken)
        => await MeasuredService.StartAsync(["dotnet", await ProgramAsync(cancellationToken)], dataDirectory, FreePorts.Take(1)[0], settings, cancellationToken);

    /// <summary>Starts a service on an empty data directory that finds ISA-L, or one that finds no native library, as where only the SDK is installed.</summary>
    public async Task<MeasuredService> StartServiceAsync(bool withIsal, CancellationToken cancellationToken)
    {
        string[] command = [.. withIsal ? [] : HideIsal, "dotnet", await ProgramAsync(cancellationToken)];
        var service = await MeasuredService.StartAsync(command, PathOf($"data-{Guid.NewGuid():n}"), FreePorts.Take(1)[0], [], cancellationToken);
        var engine = (string)(await service.Http.GetFromJsonAsync<JsonNode>("/healthcheck/ready", cancellationToken))!["details"]!["deflate_engine"]!;
        return engine == (withIsal ? "isa-l" : "runtime")
            ? service
            : throw new InvalidOperationException($"The service deflates by {engine}. ISA-L must be {(withIsal ? "installed" : "hidden")} for this benchmark.");
    }

    /// <summary>Returns the path of the program's assembly.</summary>
    public async Task<string> ProgramAsync(CancellationToken cancellationToken) => program ??= await FindServiceAsync(cancellationToken);

    /// <summary>Starts another program in a directory of its own.</summary>
    public async Task<MeasuredService> StartAsync(IReadOnlyList<string> other, CancellationToken cancellationToken)
        => await MeasuredService.StartAsync(["dotnet", .. other], Directory.CreateDirectory(PathOf($"data-{Guid.NewGuid():n}")).FullName, FreePorts.Take(1)[0], [], cancellationToken);

    public void Say(string line)
    {
        if (!Options.IsTiny)
        {
            Console.Error.WriteLine(line);
        }
    }

    public void Dispose() => Directory.Delete(directory, recursive: true);

    /// <summary>Returns the service of the options, or publishes it for this system, as an operator installs it. The tiny form uses the service of the same build.</summary>
    private async Task<string> FindServiceAsync(CancellationToken cancellationToken)
    {
        if (Options.Program is { } given)
        {
            return Path.GetFullPath(given);
        }

        if (Options.IsTiny)
        {
            return Path.Combine(AppContext.BaseDirectory, "ImageBackup.Api.dll");
        }

        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "ImageBackup.sln")))
        {
            root = root.Parent ?? throw new InvalidOperationException("ImageBackup.sln is in no directory above this program; run it from the repository.");
        }

        var system = $"linux-{RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}";
        await Shell.RunAsync($"dotnet publish '{root.FullName}/src/ImageBackup.Api' -c Release -r {system} --artifacts-path '{PathOf("build")}' -o '{PathOf("service")}' --nologo -v q", cancellationToken);
        return PathOf("service/ImageBackup.Api.dll");
    }
}
