using System.Diagnostics;
using System.Globalization;

namespace ImageBackup.Benchmarks;

/// <summary>Runs other programs and measures them with GNU time, which counts all processes of a pipeline.</summary>
internal static class Shell
{
    /// <summary>Runs a bash script and measures it; <paramref name="output"/> is the file whose size counts, or null.</summary>
    /// <exception cref="InvalidOperationException">The script failed. The message has its output.</exception>
    public static async Task<Measurement> MeasureAsync(string script, string? output, CancellationToken cancellationToken)
    {
        var figures = Path.GetTempFileName();
        try
        {
            var watch = Stopwatch.StartNew();
            await RunAsync("/usr/bin/time", ["-o", figures, "-f", "%U %S %M", "bash", "-o", "pipefail", "-c", script], cancellationToken);
            var wall = watch.Elapsed.TotalSeconds;
            var parts = (await File.ReadAllTextAsync(figures, cancellationToken)).Split();
            var numbers = parts[..3].Select(part => double.Parse(part, CultureInfo.InvariantCulture)).ToArray();
            return new Measurement(wall, numbers[0] + numbers[1], (long)numbers[2] << 10, output is null ? 0 : new FileInfo(output).Length);
        }
        finally
        {
            File.Delete(figures);
        }
    }

    /// <summary>Runs a bash script that must succeed, such as a comparison.</summary>
    /// <exception cref="InvalidOperationException">The script failed. The message has its output.</exception>
    public static Task RunAsync(string script, CancellationToken cancellationToken) => RunAsync("bash", ["-o", "pipefail", "-c", script], cancellationToken);

    private static async Task RunAsync(string program, string[] arguments, CancellationToken cancellationToken)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        try
        {
            await process.WaitForExitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{arguments[^1]} ended with {process.ExitCode}: {await errors}{await output}");
        }
    }
}
