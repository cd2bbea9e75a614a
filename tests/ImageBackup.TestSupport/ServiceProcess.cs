using System.Diagnostics;
using System.Net.Http.Json;
using System.Text;

namespace ImageBackup.TestSupport;

/// <summary>The service as a separate process, for tests of SIGKILL, SIGTERM and restarts on the same data.</summary>
public sealed class ServiceProcess : IDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);

    private readonly StringBuilder log = new();
    private readonly Process process;

    private ServiceProcess(Process process, string baseAddress)
    {
        this.process = process;
        Client = new HttpClient { BaseAddress = new Uri(baseAddress), Timeout = TimeSpan.FromSeconds(60) };
    }

    /// <summary>Sends requests to the service.</summary>
    public HttpClient Client { get; }

    /// <summary>The output of the service so far.</summary>
    public string Log
    {
        get
        {
            lock (log)
            {
                return log.ToString();
            }
        }
    }

    public bool HasExited => process.HasExited;

    public int ExitCode => process.ExitCode;

    public int Id => process.Id;

    /// <summary>Starts the service on <paramref name="dataDirectory"/> and waits for its first response.</summary>
    /// <param name="dataDirectory">The data directory.</param>
    /// <param name="settings">Further settings.</param>
    /// <param name="under">A program and its arguments that run the service, such as strace.</param>
    public static async Task<ServiceProcess> StartAsync(string dataDirectory, IReadOnlyDictionary<string, string>? settings = null, params string[] under)
    {
        var service = Launch(dataDirectory, settings, under);
        await service.WaitUntilItAnswersAsync();
        return service;
    }

    /// <summary>Starts the service on <paramref name="dataDirectory"/> without waiting.</summary>
    public static ServiceProcess Launch(string dataDirectory, IReadOnlyDictionary<string, string>? settings = null, params string[] under)
    {
        var address = $"http://127.0.0.1:{FreePorts.Take(1)[0]}";
        string[] command = [.. under, "dotnet", Path.Combine(AppContext.BaseDirectory, "ImageBackup.Api.dll"), "--urls", address];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        start.Environment["ImageBackup__DataDirectory"] = dataDirectory;
        start.Environment["ImageBackup__Emulator__Enabled"] = "true";
        foreach (var (key, value) in settings ?? new Dictionary<string, string>())
        {
            start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        var service = new ServiceProcess(Process.Start(start)!, address);
        service.Follow();
        return service;
    }

    /// <summary>Sends SIGKILL and waits for the end of the process.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>Sends SIGTERM, or another signal, and returns how long the process took to end.</summary>
    public async Task<TimeSpan> TerminateAsync(string signal = "TERM")
    {
        var clock = Stopwatch.StartNew();
        using var kill = Process.Start("kill", [$"-{signal}", $"{process.Id}"]);
        await process.WaitForExitAsync();
        return clock.Elapsed;
    }

    /// <summary>Waits until the process ends by itself, for example by an injected <c>exit</c>.</summary>
    public async Task WaitForEndAsync(TimeSpan timeout)
    {
        using var deadline = new CancellationTokenSource(timeout);
        await process.WaitForExitAsync(deadline.Token);
    }

    /// <summary>Injects a fault into tasks.</summary>
    public async Task AddFaultAsync(object fault)
        => (await Client.PostAsJsonAsync("/emulator/faults", new { fault })).EnsureSuccessStatusCode();

    public void Dispose()
    {
        Client.Dispose();
        if (!process.HasExited)
        {
            process.Kill();
            process.WaitForExit();
        }

        process.Dispose();
    }

    private void Follow()
    {
        process.OutputDataReceived += Append;
        process.ErrorDataReceived += Append;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();

        void Append(object sender, DataReceivedEventArgs line)
        {
            lock (log)
            {
                log.AppendLine(line.Data);
            }
        }
    }

    private async Task WaitUntilItAnswersAsync()
    {
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < StartTimeout)
        {
            if (process.HasExited)
            {
                throw new InvalidOperationException($"The service ended with code {process.ExitCode}:\n{Log}");
            }

            try
            {
                using var answer = await Client.GetAsync(new Uri("/healthcheck", UriKind.Relative));
                return;
            }
            catch (HttpRequestException)
            {
                await Task.Delay(50);
            }
        }

        throw new TimeoutException($"The service did not answer within {StartTimeout}:\n{Log}");
    }
}
