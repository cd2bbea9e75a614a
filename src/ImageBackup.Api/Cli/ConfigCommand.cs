using System.CommandLine;
using ImageBackup.Api.Hosting;
using ImageBackup.Core;
using ImageBackup.Core.BackupNodes;
using ImageBackup.Core.Settings;
using Microsoft.Extensions.Options;

namespace ImageBackup.Api.Cli;

/// <summary>
/// <c>config storage backup-service posix --backup-node NAME --fast-compression True|False</c>: PowerVC's <c>powervc-config</c>. It changes
/// the database of the settings, whether the service runs or not.
/// </summary>
internal static class ConfigCommand
{
    private static readonly string[] Booleans = ["True", "False"];

    public static Command Create()
    {
        var node = new Option<string>("--backup-node") { Description = "The backup node: its backup_node_id, display name or address.", Required = true, HelpName = "NAME" };
        var fast = new Option<string>("--fast-compression")
        {
            Description = "True compresses every export to the node. With False, the request decides.",
            Required = true,
        }.AcceptOnlyFromAmong(StringComparer.OrdinalIgnoreCase, Booleans);
        var data = new Option<string?>("--data-directory") { Description = "The service's data directory. The default is ImageBackup__DataDirectory, else data.", HelpName = "DIR" };
        var posix = new Command("posix", "Set a property of a backup node for the following exports, whether the service runs or not.") { node, fast, data };
        posix.SetAction((parsed, cancellationToken) => RunAsync(
            parsed.GetRequiredValue(node), bool.Parse(parsed.GetRequiredValue(fast)), parsed.GetValue(data), cancellationToken));
        return new Command("config", "Change settings in the database.")
        {
            new Command("storage", "Storage.") { new Command("backup-service", "The backup service.") { posix } },
        };
    }

    private static async Task<int> RunAsync(string name, bool fastCompression, string? dataDirectory, CancellationToken cancellationToken)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        if (dataDirectory is not null)
        {
            builder.Configuration[$"{ImageBackupOptions.Section}:{nameof(ImageBackupOptions.DataDirectory)}"] = dataDirectory;
        }

        builder.Services.AddImageBackupCore(builder.Configuration);

        // The host is not started. The command uses only its stores.
        using var host = builder.Build();
        var paths = host.Services.GetRequiredService<DataPaths>();
        if (!host.Services.GetRequiredService<IOptions<DatabaseOptions>>().Value.IsPostgreSql && !File.Exists(paths.Database))
        {
            await Console.Error.WriteLineAsync($"There is no database {paths.Database}. Name the service's data directory with --data-directory or ImageBackup__DataDirectory.");
            return ExitCodes.Failed;
        }

        var nodes = host.Services.GetRequiredService<BackupNodeStore>();
        var node = await host.Services.GetRequiredService<BackupNodeResolver>().ResolveAsync(projectId: null, name, cancellationToken);
        await nodes.UpdateAsync(projectId: null, node.BackupNodeId, new NodeChange { FastCompression = fastCompression }, cancellationToken);
        Console.Out.WriteLine($"Backup node {node.BackupNodeId}: fast compression is {fastCompression}.");
        return ExitCodes.Done;
    }
}
