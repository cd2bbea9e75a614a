using ImageBackup.Api.Cli.Output;

namespace ImageBackup.Api.Cli;

/// <summary>Standard output as the target of a command.</summary>
internal static class StandardStreams
{
    /// <summary>Stands for standard input or standard output.</summary>
    public const string Sign = "-";

    /// <summary>Opens standard output for the bytes of a disk.</summary>
    /// <exception cref="CommandException">It is a terminal, or the command prints JSON on it.</exception>
    public static Stream OpenOutput(CommandOutput output)
    {
        if (output.AsJson)
        {
            throw CommandException.Usage("Both --json and - use standard output. Use one of them.");
        }

        return Console.IsOutputRedirected
            ? Console.OpenStandardOutput()
            : throw CommandException.Usage("Standard output is a terminal. Redirect it to a file or a pipe.");
    }
}
