using System.CommandLine;
using ImageBackup.Api.Hosting;
using ImageBackup.Core.Errors;
using ImageBackup.Ova;

namespace ImageBackup.Api.Cli;

/// <summary>The commands beside the service. Whatever does not begin with one of them is the service's own: <c>--urls</c>, <c>--ImageBackup:DataDirectory</c> and so on.</summary>
internal static class CommandLine
{
    private const string Serve = "serve";

    private static readonly string[] Asking = ["--help", "-h", "-?", "/?", "/h", "--version"];

    /// <summary>True where the service is wanted; <paramref name="hostArguments"/> are then the host's.</summary>
    public static bool IsServe(string[] arguments, out string[] hostArguments)
    {
        var isNamed = arguments is [Serve, ..];
        hostArguments = isNamed ? arguments[1..] : arguments;
        var asks = hostArguments is [var only] && Asking.Contains(only);
        return !asks && (isNamed || hostArguments is [] || hostArguments[0].StartsWith('-'));
    }

    /// <summary>Runs a command; the answer is the exit code.</summary>
    public static async Task<int> RunAsync(string[] arguments)
    {
        var root = new RootCommand("ImageBackup: PowerVC's image-backup REST API, and the archives it writes. Without a command, the service is started.")
        {
            ServeCommand(),
            OvaCommands.Create(),
            ConfigCommand.Create(),
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

    /// <summary>There for the help alone: <see cref="IsServe"/> has taken it out before.</summary>
    private static Command ServeCommand() => new(Serve, """
        Start the service (also where no command is given). Takes what every ASP.NET Core host takes:
        --urls http://127.0.0.1:9000, --ImageBackup:DataDirectory /var/lib/imagebackup; the same settings from
        environment variables (ImageBackup__DataDirectory) or appsettings.json. See docs/configuration.md.
        """)
    {
        TreatUnmatchedTokensAsErrors = false,
    };

    /// <summary>What a person is told of an expected failure; null for a fault of ours, which keeps its trace.</summary>
    private static string? Explain(Exception exception) => exception switch
    {
        OperationCanceledException => "Stopped.",
        InvalidOvaException or BackupException or IOException or UnauthorizedAccessException => exception.Message,
        _ => null,
    };
}
