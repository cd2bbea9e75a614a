using System.Diagnostics;

namespace ImageBackup.TestSupport;

/// <summary>Runs another project's program, which checks what ours wrote or writes what ours reads. Where it is not installed, the test is skipped.</summary>
public static class Tool
{
    /// <summary>Runs it to its end and returns its output.</summary>
    /// <exception cref="InvalidOperationException">It ended with another code than 0.</exception>
    public static async Task<string> RunAsync(string program, params string[] arguments)
    {
        using var process = Start(program, arguments);
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return Checked(process, output, await errors);
    }

    /// <inheritdoc cref="RunAsync"/>
    public static string Run(string program, params string[] arguments)
    {
        using var process = Start(program, arguments);
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return Checked(process, output, errors.Result);
    }

    private static Process Start(string program, string[] arguments)
    {
        Requires.Command(program, arguments);
        return Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
    }

    private static string Checked(Process process, string output, string errors)
        => process.ExitCode == 0
            ? output
            : throw new InvalidOperationException($"{process.StartInfo.FileName} {string.Join(' ', process.StartInfo.ArgumentList)} ended with {process.ExitCode}: {errors}{output}");
}
