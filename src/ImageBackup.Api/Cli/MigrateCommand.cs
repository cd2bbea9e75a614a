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
        var command = new Command("migrate", """
            Create the tables of the database, or add what this version needs. Services on PostgreSQL wait at their start
            until this command has run. It takes the settings of the service: environment variables
            (ImageBackup__Database__ConnectionString), appsettings.json, or arguments
            (--ImageBackup:Database:Provider PostgreSql).
            """)
        {
            TreatUnmatchedTokensAsErrors = false,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync([.. parsed.UnmatchedTokens], cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(string[] settings, CancellationToken cancellationToken)
    {
        var builder = Host.CreateApplicationBuilder(settings);
        builder.Logging.ClearProviders();
        builder.Services.AddImageBackupCore(builder.Configuration);

        // The host is not started. The command uses only its database.
        using var host = builder.Build();
        try
        {
            await Migration.RunAsync(host.Services, cancellationToken);
        }
        catch (Exception failure) when (failure is not OperationCanceledException && StartFailure.Explain(failure) is { } reason)
        {
            await Console.Error.WriteLineAsync(reason);
            return ExitCodes.Usage;
        }

        Console.Out.WriteLine("The database is up to date.");
        return ExitCodes.Done;
    }
}
