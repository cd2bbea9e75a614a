using System.CommandLine;

namespace ImageBackup.Api.Cli;

/// <summary><c>ova</c>: works with archives, without the service.</summary>
internal static class OvaCommands
{
    public static Command Create() => new("ova", "Inspect, verify, create and extract archives, without the service.")
    {
        OvaInspect.Create(),
        OvaVerify.Create(),
        OvaCreate.Create(),
        OvaExtract.Create(),
    };

    /// <summary>Returns the argument for the archive that a command reads.</summary>
    public static Argument<string> Archive() => InputFile.Argument("FILE", "The archive, also compressed as a whole (.ova.gz, .ova.xz, .ova.zst).");

    /// <summary>Returns the option for the directory of an unpacked archive.</summary>
    public static Option<DirectoryInfo> Scratch()
        => new Option<DirectoryInfo>("--scratch")
        {
            Description = "The directory for the copy of standard input, or of an archive that is compressed as a whole.",
            DefaultValueFactory = _ => new DirectoryInfo(Path.GetTempPath()),
            HelpName = "DIR",
        }.AcceptExistingOnly();
}
