using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace ImageBackup.Benchmarks;

/// <summary>The service as a separate process, on a free loopback port and a temporary data directory.</summary>
internal sealed class MeasuredService : IAsyncDisposable
{
    private const int TicksPerSecond = 100; // USER_HZ
    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(60);
    private readonly Process process;
    private readonly ConcurrentQueue<string> log = new();

    private MeasuredService(Process process, string dataDirectory, int port)
    {
        this.process = process;
        DataDirectory = dataDirectory;
        Http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = TimeSpan.FromMinutes(10) };
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public HttpClient Http { get; }

    public string DataDirectory { get; }

    /// <summary>The directory of the backup node that a first start registers.</summary>
    public string Node => Path.Combine(DataDirectory, "backup-nodes", "local");

    /// <summary>The time from the start of the process to its first response.</summary>
    public TimeSpan StartTime { get; private set; }

    /// <summary>Largest resident memory since the last <see cref="ResetPeak"/>, in bytes.</summary>
    public long PeakBytes
    {
        get
        {
            var line = File.ReadLines($"/proc/{process.Id}/status").Single(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
            return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) << 10;
        }
    }

    /// <summary>Processor time so far, user and system, in seconds.</summary>
    public double CpuSeconds
    {
        get
        {
            var stat = File.ReadAllText($"/proc/{process.Id}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return (double)(long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) / TicksPerSecond;
        }
    }

    /// <summary>Starts the service, or another program that answers <c>/healthcheck</c>, and waits for its first response.</summary>
    /// <param name="command">The program and its arguments. One argument is the assembly.</param>
    public static async Task<MeasuredService> StartAsync(IReadOnlyList<string> command, string dataDirectory, int port, (string Key, string Value)[] settings, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetDirectoryName(command.Last(argument => argument.EndsWith(".dll", StringComparison.Ordinal))),
        };
        start.Environment["ASPNETCORE_URLS"] = $"http://127.0.0.1:{port}";
        start.Environment["ImageBackup__DataDirectory"] = dataDirectory;
        start.Environment["ImageBackup__Demo__Enabled"] = "false";
        foreach (var (key, value) in settings)
        {
            start.Environment[key] = value;
        }

        var watch = Stopwatch.StartNew();
        var service = new MeasuredService(Process.Start(start)!, dataDirectory, port);
        while (!await service.AnswersAsync(cancellationToken))
        {
            if (service.process.HasExited || watch.Elapsed > LongestStart)
            {
                throw new InvalidOperationException($"The service did not start: {string.Join('\n', service.log)}");
            }

            await Task.Delay(2, cancellationToken);
        }

        service.StartTime = watch.Elapsed;
        return service;
    }

    /// <summary>Resets the peak (proc(5), clear_refs).</summary>
    public void ResetPeak() => File.WriteAllText($"/proc/{process.Id}/clear_refs", "5");

    /// <summary>Ends the process and keeps its data.</summary>
    public async Task StopAsync()
    {
        if (!process.HasExited)
        {
            process.Kill();
        }

        await process.WaitForExitAsync();
        Http.Dispose();
        process.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(DataDirectory, recursive: true);
    }

    private async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await Http.GetAsync(new Uri("/healthcheck", UriKind.Relative), cancellationToken);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            // The service does not listen yet.
            return false;
        }
    }

    private void Keep(string? line)
    {
        if (line is not null)
        {
            log.Enqueue(line);
        }
    }
}
