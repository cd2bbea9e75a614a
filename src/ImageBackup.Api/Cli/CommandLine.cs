using System.CommandLine;
using ImageBackup.Api.Hosting;
using ImageBackup.Core.Errors;
using ImageBackup.Disks;
using ImageBackup.Ova;

namespace ImageBackup.Api.Cli;

/// <summary>The command line. Without a command, the arguments are the service's: <c>--urls</c>, <c>--ImageBackup:DataDirectory</c> and so on.</summary>
internal static class CommandLine
{
    private const string Serve = "serve";

    private static readonly string[] Asking = ["--help", "-h", "-?", "/?", "/h", "--version"];

    /// <summary>Returns true if the arguments start the service. <paramref name="hostArguments"/> are those of its host.</summary>
    public static bool IsServe(string[] arguments, out string[] hostArguments)
    {
        var isNamed = arguments is [Serve, ..];
        hostArguments = isNamed ? arguments[1..] : arguments;
        var asks = hostArguments is [var only] && Asking.Contains(only);
        return !asks && (isNamed || hostArguments is [] || hostArguments[0].StartsWith('-'));
    }

    /// <summary>Runs a command and returns its exit code.</summary>
    public static async Task<int> RunAsync(string[] arguments)
    {
        var root = new RootCommand("ImageBackup: PowerVC's image-backup REST API and its archives. Without a command, it starts the service.")
        {
            ServeCommand(),
            OvaCommands.Create(),
            DiskCommands.Create(),
            ConfigCommand.Create(),
            MigrateCommand.Create(),
            HealthCheckCommand.Create(),
            HashPasswordCommand.Create(),
        };
        var parsed = root.Parse(arguments);
        try
        {
            var code = await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
            return parsed.Errors.Count > 0 ? ExitCodes.Usage : code;
        }
        catch (Exception exception) when (Explain(exception) is { } reason)
        {
            await Console.Error.WriteLineAsync(reason);
            return ExitCodes.Failed;
        }
    }

    /// <summary>Only for the help text: <see cref="IsServe"/> recognizes the command before.</summary>
    private static Command ServeCommand() => new(Serve, """
        Start the service, as without a command. It takes the arguments of every ASP.NET Core host:
        --urls http://127.0.0.1:9000, --ImageBackup:DataDirectory /var/lib/imagebackup; the same settings from
        environment variables (ImageBackup__DataDirectory) or appsettings.json. See docs/configuration.md.
        """)
    {
        TreatUnmatchedTokensAsErrors = false,
    };

    /// <summary>Returns the message of an expected failure; null for a defect, which keeps its stack trace.</summary>
    private static string? Explain(Exception exception) => exception switch
    {
        OperationCanceledException => "Stopped.",
        InvalidOvaException or DiskImageException or BackupException or IOException or UnauthorizedAccessException => exception.Message,
        _ => null,
    };
}
