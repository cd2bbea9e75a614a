using System.Runtime.InteropServices;
using Xunit;

namespace ImageBackup.TestSupport;

/// <summary>
/// Runs the service under a small tracer that counts the system calls which change files of the data directory, ends the process before one of them, or lets one fail as on
/// a full disk. <c>scripts/filecalls.c</c> is the tracer.
/// </summary>
public sealed class FileCalls
{
    /// <summary>Calls that rename, link, delete or flush files.</summary>
    public const string Names = "names";

    /// <summary>Calls that write to files.</summary>
    public const string Data = "data";

    private readonly string control;
    private readonly string log;
    private readonly string dataDirectory;
    private readonly string program;
    private int round;

    /// <summary>Builds the tracer in a directory. Skips the test without a C compiler or on another processor than x86-64.</summary>
    public FileCalls(string directory, string dataDirectory)
    {
        Requires.Programs("gcc");
        Assert.SkipUnless(RuntimeInformation.ProcessArchitecture is Architecture.X64, "The tracer of this test reads registers of x86-64.");
        control = Path.Combine(directory, "control");
        log = Path.Combine(directory, "calls");
        program = Path.Combine(directory, "filecalls");
        this.dataDirectory = dataDirectory;
        Tool.Run("gcc", "-O1", "-Wall", "-Wextra", "-Werror", Path.Combine(AppContext.BaseDirectory, "scripts", "filecalls.c"), "-o", program);
        File.WriteAllText(log, "");
    }

    /// <summary>The program and arguments that run the service.</summary>
    public string[] Under => [program, control, log, dataDirectory];

    /// <summary>Counts the calls from now on.</summary>
    public void Count(string calls) => Control($"count {calls} 0");

    /// <summary>Kills the process before the call of this number from now on.</summary>
    public void Kill(string calls, int number) => Control($"kill {calls} {number}");

    /// <summary>Lets the call of this number from now on fail with <c>ENOSPC</c>.</summary>
    public void Fill(string calls, int number) => Control($"full {calls} {number}");

    /// <summary>Stops counting.</summary>
    public void Stop() => File.Delete(control);

    /// <summary>The calls that were counted since the last change, each with its path.</summary>
    public IReadOnlyList<string> Counted
    {
        get
        {
            using var reader = new StreamReader(new FileStream(log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
            return [.. reader.ReadToEnd().Split('\n').Where(line => line.StartsWith($"{round} ", StringComparison.Ordinal)).Select(line => line.Split(' ', 3)[2])];
        }
    }

    /// <summary>The tracer reads the file at each call, so it is replaced at once.</summary>
    private void Control(string action)
    {
        File.WriteAllText(control + ".new", $"{++round} {action}\n");
        File.Move(control + ".new", control, overwrite: true);
    }
}
