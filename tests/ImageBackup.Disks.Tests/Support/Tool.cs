using ImageBackup.TestSupport;

namespace ImageBackup.Disks.Tests.Support;

/// <summary>Other people's programs.</summary>
internal static class Tool
{
    /// <summary>Runs a program and returns its output. Skips the test when the program is missing.</summary>
    public static string Run(string program, params string[] arguments) => TestSupport.Tool.Run(program, arguments);

    /// <summary>Runs qemu-img.</summary>
    public static string QemuImg(params string[] arguments) => Run("qemu-img", arguments);

    /// <summary>Runs commands of qemu-io on an image.</summary>
    public static void QemuIo(string image, string format, params string[] commands) =>
        Run("qemu-io", ["-f", format, .. commands.SelectMany(command => new[] { "-c", command }), image]);

    public static void SkipWithout(string program) => Requires.Programs(program);
}
