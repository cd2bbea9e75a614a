using System.CommandLine;

namespace ImageBackup.Api.Cli;

/// <summary><c>ova</c>: archives without the service.</summary>
internal static class OvaCommands
{
    public static Command Create() => new("ova", "Look into, check, write and unpack archives; the service need not run.")
    {
        OvaInspect.Create(),
        OvaVerify.Create(),
        OvaCreate.Create(),
        OvaExtract.Create(),
    };

    /// <summary>The archive that a command reads.</summary>
    public static Argument<FileInfo> Archive()
        => new Argument<FileInfo>("FILE") { Description = "The archive: .ova, or .ova.gz gzipped as a whole." }.AcceptExistingOnly();

    /// <summary>Where an archive that is gzipped as a whole is inflated.</summary>
    public static Option<DirectoryInfo> Scratch()
        => new Option<DirectoryInfo>("--scratch")
        {
            Description = "Directory for the inflated copy of an archive that is gzipped as a whole.",
            DefaultValueFactory = _ => new DirectoryInfo(Path.GetTempPath()),
            HelpName = "DIR",
        }.AcceptExistingOnly();
}
