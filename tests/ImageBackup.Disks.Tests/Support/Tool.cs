using System.Diagnostics;

namespace ImageBackup.Disks.Tests.Support;

/// <summary>Other people's programs.</summary>
internal static class Tool
{
    private static readonly Dictionary<string, string> Packages = new()
    {
        ["qemu-img"] = "qemu-utils", ["qemu-io"] = "qemu-utils", ["xz"] = "xz-utils", ["zstd"] = "zstd", ["gzip"] = "gzip", ["bzip2"] = "bzip2", ["tar"] = "tar", ["zip"] = "zip",
    };

    /// <summary>Runs a program and returns its output. Skips the test when the program is missing.</summary>
    public static string Run(string program, params string[] arguments)
    {
        SkipWithout(program);
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {errors.Result}{output}");
        return output;
    }

    /// <summary>Runs qemu-img.</summary>
    public static string QemuImg(params string[] arguments) => Run("qemu-img", arguments);

    /// <summary>Runs commands of qemu-io on an image.</summary>
    public static void QemuIo(string image, string format, params string[] commands) =>
        Run("qemu-io", ["-f", format, .. commands.SelectMany(command => new[] { "-c", command }), image]);

    public static void SkipWithout(string program) => Assert.SkipUnless(
        Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(folder => File.Exists(Path.Combine(folder, program))),
        $"{program} is missing. Install Debian's package {Packages[program]}.");
}
