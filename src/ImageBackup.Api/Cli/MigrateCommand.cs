using System.CommandLine;
using ImageBackup.Api.Hosting;
using ImageBackup.Core;
using ImageBackup.Core.Startup;

namespace ImageBackup.Api.Cli;

/// <summary><c>migrate</c>: brings the database of the settings up to date. Services on PostgreSQL wait for it at their start.</summary>
internal static class MigrateCommand
{
    public static Command Create()
    {
        var from = new Option<string?>("--from")
        {
            HelpName = "PATH",
            Description = "Move a SQLite database of this version, and its keys, into the empty PostgreSQL database of the settings: a data directory, or its imagebackup.db. No service may use it.",
        };
        var command = new Command("migrate", """
            Create the tables of the database, or add what this version needs. Services on PostgreSQL wait at their start
            until this command has run. It takes the settings of the service: environment variables
            (ImageBackup__Database__ConnectionString), appsettings.json, or arguments
            (--ImageBackup:Database:Provider PostgreSql).
            """)
        {
            Options = { from },
            TreatUnmatchedTokensAsErrors = false,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed.GetValue(from), [.. parsed.UnmatchedTokens], cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(string? from, string[] settings, CancellationToken cancellationToken)
    {
        var builder = Host.CreateApplicationBuilder(settings);
        builder.Logging.ClearProviders();
        builder.Services.AddImageBackupCore(builder.Configuration);

        // The host is not started. The command uses only its database.
        using var host = builder.Build();
        try
        {
            await RunAsync(host.Services, from, cancellationToken);
        }
        catch (Exception failure) when (failure is not OperationCanceledException && StartFailure.Explain(failure) is { } reason)
        {
            await Console.Error.WriteLineAsync(reason);
            return ExitCodes.Usage;
        }

        Console.Out.WriteLine("The database is up to date.");
        return ExitCodes.Done;
    }

    private static async Task RunAsync(IServiceProvider services, string? from, CancellationToken cancellationToken)
    {
        if (from is null)
        {
            await Migration.RunAsync(services, cancellationToken);
            return;
        }

        foreach (var table in await Migration.MoveAsync(services, from, cancellationToken))
        {
            Console.Out.WriteLine($"{table.Name,-18}{table.Rows,10}");
        }
    }
}
