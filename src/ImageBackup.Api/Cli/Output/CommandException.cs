using ImageBackup.Api.Hosting;

namespace ImageBackup.Api.Cli.Output;

/// <summary>A command cannot go on.</summary>
/// <param name="message">What is wrong and what is accepted.</param>
/// <param name="exitCode">One of <see cref="ExitCodes"/>.</param>
internal sealed class CommandException(string message, int exitCode) : Exception(message)
{
    public int ExitCode => exitCode;

    /// <summary>The arguments do not fit each other, or the files that they name.</summary>
    public static CommandException Usage(string message) => new(message, ExitCodes.Usage);

    /// <summary>A file exists that only <c>--force</c> overwrites.</summary>
    public static CommandException Exists(string path) => Usage($"{path} exists. Use --force to overwrite it.");
}
