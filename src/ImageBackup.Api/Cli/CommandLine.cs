using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using ImageBackup.Api.Cli.Output;
using ImageBackup.Api.Cli.Remote;
using ImageBackup.Api.Hosting;
using ImageBackup.Core.Errors;
using ImageBackup.Disks;
using ImageBackup.Ova;

namespace ImageBackup.Api.Cli;

/// <summary>The command line. Without a command, the arguments are the service's: <c>--urls</c>, <c>--ImageBackup:DataDirectory</c> and so on.</summary>
internal static class CommandLine
{
    private const string Name = "imagebackup";
    private const string Serve = "serve";

    /// <summary>How long a command may take to end after Ctrl-C: it may ask a question first.</summary>
    private static readonly TimeSpan AnswerTime = TimeSpan.FromMinutes(5);

    private static readonly string[] Asking = ["--help", "-h", "-?", "/?", "/h", "--version"];

    /// <summary>Returns true if the arguments start the service. <paramref name="hostArguments"/> are those of its host.</summary>
    public static bool IsServe(string[] arguments, out string[] hostArguments)
    {
        var isNamed = arguments is [Serve, ..];
        hostArguments = ServeArguments.Expand(isNamed ? arguments[1..] : arguments);
        var asks = hostArguments is [var only] && Asking.Contains(only);
        return !asks && (isNamed || hostArguments is [] || hostArguments[0].StartsWith('-'));
    }

    /// <summary>Runs a command and returns its exit code.</summary>
    public static async Task<int> RunAsync(string[] arguments)
    {
        var root = new RootCommand("ImageBackup: PowerVC's image-backup REST API, its archives, and a client. Without a command, it starts the service.")
        {
            ServeCommand(),
            OvaCommands.Create(),
            DiskCommands.Create(),
            ConfigCommand.Create(),
            MigrateCommand.Create(),
            HealthCheckCommand.Create(),
            HashPasswordCommand.Create(),
            CompletionCommand.Create(),
        };
        foreach (var command in RemoteCommands.Create())
        {
            root.Add(command);
        }

        var parsed = root.Parse(arguments);
        if (parsed.Action is ParseErrorAction)
        {
            return await RefuseAsync(parsed);
        }

        var help = new StringWriter();
        try
        {
            var code = await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = AnswerTime, Output = help });
            Console.Out.Write(Named(help.ToString()));
            return code;
        }
        catch (Exception exception) when (Explain(exception) is { } end)
        {
            await Console.Error.WriteLineAsync(end.Reason);
            return end.Code;
        }
    }

    /// <summary>Names each wrong or missing argument on the error stream.</summary>
    private static async Task<int> RefuseAsync(ParseResult parsed)
    {
        foreach (var error in parsed.Errors)
        {
            await Console.Error.WriteLineAsync(Named(error.Message));
        }

        var path = new List<string>();
        for (SymbolResult? place = parsed.CommandResult; place is CommandResult command; place = place.Parent)
        {
            path.Insert(0, command.Command is RootCommand ? Name : command.Command.Name);
        }

        await Console.Error.WriteLineAsync($"Accepted arguments: {string.Join(' ', path)} --help");
        return ExitCodes.Usage;
    }

    /// <summary>Returns the text with the program's name instead of that of its file.</summary>
    private static string Named(string text) => text.Replace(RootCommand.ExecutableName, Name, StringComparison.Ordinal);

    /// <summary>Only for the help text: <see cref="IsServe"/> recognizes the command before.</summary>
    private static Command ServeCommand() => new(Serve, """
        Start the service, as without a command. It takes the arguments of every ASP.NET Core host:
        --urls http://127.0.0.1:9000, --ImageBackup:DataDirectory /var/lib/imagebackup; the same settings from
        environment variables (ImageBackup__DataDirectory) or appsettings.json. See docs/configuration.md.
        With a PostgreSQL server, several processes share the work: --role api answers requests, --role worker --node NAME
        runs the operations of a backup node. See docs/scale-out.md.
        """)
    {
        TreatUnmatchedTokensAsErrors = false,
    };

    /// <summary>Returns the message and the exit code of an expected failure; null for a defect, which keeps its stack trace.</summary>
    private static (string Reason, int Code)? Explain(Exception exception) => exception switch
    {
        OperationCanceledException => ("Stopped.", ExitCodes.Interrupted),
        CommandException command => (command.Message, command.ExitCode),
        InvalidOvaException or DiskImageException or BackupException or IOException or UnauthorizedAccessException => (exception.Message, ExitCodes.Failed),
        _ => null,
    };
}
