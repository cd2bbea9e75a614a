using System.CommandLine;
using ImageBackup.Api.Hosting;
using ImageBackup.Core;
using ImageBackup.Core.BackupNodes;
using ImageBackup.Core.Settings;

namespace ImageBackup.Api.Cli;

/// <summary>
/// <c>config storage backup-service posix --backup-node NAME --fast-compression True|False</c>: PowerVC's <c>powervc-config</c>, on the database of
/// <c>ImageBackup:DataDirectory</c>, whether the service runs or not.
/// </summary>
internal static class ConfigCommand
{
    private static readonly string[] Booleans = ["True", "False"];

    public static Command Create()
    {
        var node = new Option<string>("--backup-node") { Description = "The node: its backup_node_id, display name or address.", Required = true, HelpName = "NAME" };
        var fast = new Option<string>("--fast-compression")
        {
            Description = "True: exports to the node are always compressed. False: the request decides.",
            Required = true,
        }.AcceptOnlyFromAmong(StringComparer.OrdinalIgnoreCase, Booleans);
        var data = new Option<string?>("--data-directory") { Description = "Where the service's data lie; ImageBackup__DataDirectory or data where left out.", HelpName = "DIR" };
        var posix = new Command("posix", "Set a property of a backup node; counts from the next export on, whether the service runs or not.") { node, fast, data };
        posix.SetAction((parsed, cancellationToken) => RunAsync(
            parsed.GetRequiredValue(node), bool.Parse(parsed.GetRequiredValue(fast)), parsed.GetValue(data), cancellationToken));
        return new Command("config", "Change settings that lie in the database.")
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

        // Never started: nothing of the service runs, only its stores are used.
        using var host = builder.Build();
        var paths = host.Services.GetRequiredService<DataPaths>();
        if (!File.Exists(paths.Database))
        {
            await Console.Error.WriteLineAsync($"There is no database {paths.Database}. Name the service's data directory with --data-directory or ImageBackup__DataDirectory.");
            return ExitCodes.Failed;
        }

        var nodes = host.Services.GetRequiredService<BackupNodeStore>();
        var node = await host.Services.GetRequiredService<BackupNodeResolver>().ResolveAsync(name, cancellationToken);
        await nodes.UpdateAsync(node.BackupNodeId, new NodeChange { FastCompression = fastCompression }, cancellationToken);
        Console.Out.WriteLine($"Backup node {node.BackupNodeId}: fast compression is {fastCompression}.");
        return ExitCodes.Done;
    }
}
