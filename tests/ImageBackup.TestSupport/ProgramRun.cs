using System.Diagnostics;

namespace ImageBackup.TestSupport;

/// <summary>The exit code and the output of a program.</summary>
public sealed record ProgramRun(int ExitCode, string Output, string Errors)
{
    private static readonly TimeSpan Usual = TimeSpan.FromMinutes(3);

    /// <summary>The directory of the solution.</summary>
    public static string Repository { get; } = FindRepository();

    /// <summary>Runs a program to its end. One that takes minutes is killed and fails the test; where it is not installed, the test is skipped.</summary>
    public static async Task<ProgramRun> RunAsync(
        string program, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string>? environment = null, TimeSpan? atMost = null)
    {
        Requires.Command(program, arguments);
        var longest = atMost ?? Usual;
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Path.GetTempPath() };
        foreach (var (key, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[key] = value;
        }

        using var process = Process.Start(start)!;
        using var deadline = new CancellationTokenSource(longest);
        var output = process.StandardOutput.ReadToEndAsync(deadline.Token);
        var errors = process.StandardError.ReadToEndAsync(deadline.Token);
        try
        {
            await process.WaitForExitAsync(deadline.Token);
            return new ProgramRun(process.ExitCode, await output, await errors);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} {string.Join(' ', arguments)} did not end within {longest}.");
        }
    }

    /// <summary>Runs the service's own program with a command, as a shell would.</summary>
    public static Task<ProgramRun> CommandAsync(IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
        => RunAsync("dotnet", [Path.Combine(AppContext.BaseDirectory, "ImageBackup.Api.dll"), .. arguments], environment);

    private static string FindRepository()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "ImageBackup.sln")))
        {
            directory = directory.Parent;
        }

        return directory?.FullName ?? throw new DirectoryNotFoundException($"No ImageBackup.sln above {AppContext.BaseDirectory}.");
    }
}
