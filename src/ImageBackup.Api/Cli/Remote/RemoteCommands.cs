using System.CommandLine;
using ImageBackup.Api.Cli.Output;
using ImageBackup.Api.Hosting;
using ImageBackup.Client;
using ImageBackup.Core.Backups;

namespace ImageBackup.Api.Cli.Remote;

/// <summary>The commands that call a service: lists, and one command for each operation.</summary>
internal static class RemoteCommands
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(200);

    public static IEnumerable<Command> Create()
    {
        var options = new RemoteOptions();
        return [Images(options), Backups(options), Export(options), Import(options), Upload(options), Download(options), Verify(options), Retry(options), Delete(options), Progress(options), .. FleetCommands.Create(options)];
    }

    /// <summary>Prints an image backup.</summary>
    public static void Show(RemoteOutput output, ImageBackupRecord backup) => output.Item(
        backup,
        ("id", backup.Id), ("name", backup.Name), ("status", backup.Status), ("fail_reason", backup.FailReason), ("image", backup.ImageName), ("image_id", backup.ImageId),
        ("backup_host", backup.BackupHost), ("ova_name", backup.OvaName), ("ova_size", backup.OvaSize is { } size ? Sizes.Of(size) : null), ("cos_bucket", backup.CosBucket),
        ("verified_at", backup.VerifiedAt), ("size", $"{backup.Size} GiB"), ("created_at", backup.CreatedAt));

    private static Command Images(RemoteOptions options)
    {
        var name = new Option<string?>("--name") { Description = "Only images with this name.", HelpName = "NAME" };
        return options.Command("images", "List the images of a service.", [name], follows: false, async (parsed, client, output, cancellationToken) =>
        {
            var images = await client.ListImagesAsync(parsed.GetValue(name), cancellationToken).ToListAsync(cancellationToken);
            output.List<Image>(images, ("ID", image => image.Id), ("NAME", image => image.Name), ("STATUS", image => image.Status), ("OS", image => image.OsDistro), ("CREATED", image => image.CreatedAt));
            return ExitCodes.Done;
        });
    }

    private static Command Backups(RemoteOptions options)
    {
        var backup = new Argument<string?>("BACKUP") { Description = "The id or name of one image backup to show.", Arity = ArgumentArity.ZeroOrOne };
        var filters = new BackupFilterOptions();
        return options.Command("backups", "List the image backups of a service, or show one.", [backup, .. filters.All], follows: false, async (parsed, client, output, cancellationToken) =>
        {
            if (parsed.GetValue(backup) is { } one)
            {
                Show(output, await client.FindBackupAsync(one, cancellationToken));
                return ExitCodes.Done;
            }

            var backups = await client.ListBackupsAsync(filters.Read(parsed), cancellationToken).ToListAsync(cancellationToken);
            output.List<ImageBackupRecord>(
                backups,
                ("ID", row => $"{row.Id}"), ("NAME", row => row.Name), ("STATUS", row => row.IsBusy ? $"{row.Status} {row.Progress} %" : row.Status), ("IMAGE", row => row.ImageName), ("HOST", row => row.BackupHost),
                ("ARCHIVE", row => row.OvaSize is { } size ? Sizes.Of(size) : null), ("CREATED", row => row.CreatedAt.Split('.')[0]),
                ("VERIFIED", row => row.VerifiedAt?.Split('.')[0]));
            return ExitCodes.Done;
        });
    }

    private static Command Export(RemoteOptions options)
    {
        var image = new Option<string>("--image") { Description = "The id or name of the image.", Required = true, HelpName = "IMAGE" };
        var name = new Option<string?>("--name") { Description = "The name of the image backup. The default is the image's name.", HelpName = "NAME" };
        var description = new Option<string?>("--description") { Description = "A description.", HelpName = "TEXT" };
        var host = Host();
        var bucket = Bucket();
        var noUpload = new Option<bool>("--no-upload") { Description = "Keep the archive on the node only." };
        var compression = new Option<string?>("--compression") { Description = "True: gzip. Fast: faster gzip, a little larger. False: none." };
        compression.AcceptOnlyFromAmong(StringComparer.OrdinalIgnoreCase, [.. CompressionWords.All]);
        return options.Command("export", "Export an image of a service to an archive.", [image, name, description, host, bucket, noUpload, compression], follows: true, async (parsed, client, output, cancellationToken) =>
        {
            var source = await client.FindImageAsync(parsed.GetRequiredValue(image), cancellationToken);
            var request = new ExportRequest
            {
                Name = parsed.GetValue(name) ?? source.Name ?? source.Id,
                Description = parsed.GetValue(description),
                SrcImageId = source.Id,
                BackupHost = parsed.GetValue(host),
                UploadToCos = parsed.GetValue(noUpload) ? false : null,
                Compression = parsed.GetValue(compression),
                CosBucket = parsed.GetValue(bucket),
            };
            return await new OperationWatch(client, await client.ExportAsync(request, cancellationToken), output).RunAsync(cancellationToken);
        });
    }

    private static Command Import(RemoteOptions options)
    {
        var name = new Option<string>("--name") { Description = "The name of the new image.", Required = true, HelpName = "NAME" };
        var backup = new Option<string?>("--backup") { Description = "The id or name of an image backup.", HelpName = "BACKUP" };
        var file = new Option<string?>("--file") { Description = "The file name of an archive on the node, or in the bucket of --bucket.", HelpName = "OVA" };
        var template = new Option<string?>("--template") { Description = "The id of the storage template.", HelpName = "ID" };
        var host = Host();
        var bucket = Bucket();
        return options.Command("import", "Import an archive of a service as a new image.", [name, backup, file, template, host, bucket], follows: true, async (parsed, client, output, cancellationToken) =>
        {
            var source = parsed.GetValue(backup) is { } given ? await client.FindBackupAsync(given, cancellationToken) : null;
            var request = new ImportRequest
            {
                Name = parsed.GetRequiredValue(name),
                VolumeType = parsed.GetValue(template),
                ImageBackupId = source?.Id,
                BackupHost = parsed.GetValue(host),
                OvaName = parsed.GetValue(file),
                CosBucket = parsed.GetValue(bucket),
            };
            return await new OperationWatch(client, await client.ImportAsync(request, cancellationToken), output).RunAsync(cancellationToken);
        });
    }

    private static Command Upload(RemoteOptions options)
    {
        var bucket = Bucket();
        return OnBackup(options, "upload", "Upload an archive to a bucket.", [bucket], (parsed, client, id, token) => client.UploadAsync(id, parsed.GetValue(bucket), token));
    }

    private static Command Download(RemoteOptions options)
    {
        var host = Host();
        return OnBackup(options, "download", "Download an archive from its bucket to a node.", [host], (parsed, client, id, token) => client.DownloadAsync(id, parsed.GetValue(host), token));
    }

    private static Command Verify(RemoteOptions options)
        => OnBackup(options, "verify", "Hash an archive again and compare it with its digests.", [], (_, client, id, token) => client.VerifyAsync(id, token));

    private static Command Retry(RemoteOptions options)
        => OnBackup(options, "retry", "Start the last operation of an image backup again after it has failed.", [], (_, client, id, token) => client.RetryAsync(id, token));

    private static Command Delete(RemoteOptions options)
    {
        var backup = Backup();
        var force = new Option<bool>("--force") { Description = "Stop an operation that waits or runs. Needs the role admin." };
        return options.Command("delete", "Delete an image backup and its archive.", [backup, force], follows: true, async (parsed, client, output, cancellationToken) =>
        {
            var found = await client.FindBackupAsync(parsed.GetRequiredValue(backup), cancellationToken);
            await client.DeleteAsync(found.Id, parsed.GetValue(force), cancellationToken);
            while (output.Follows)
            {
                try
                {
                    if (await client.GetBackupAsync(found.Id, cancellationToken) is { Status: "error" } failed)
                    {
                        await Console.Error.WriteLineAsync($"The deletion of image backup {found.Id} failed: {RemoteOutput.Printable(failed.FailReason ?? "")}");
                        return ExitCodes.Failed;
                    }
                }
                catch (ImageBackupException e) when (e.Status == System.Net.HttpStatusCode.NotFound)
                {
                    return ExitCodes.Done;
                }

                await Task.Delay(PollInterval, cancellationToken);
            }

            return ExitCodes.Done;
        });
    }

    private static Command Progress(RemoteOptions options)
    {
        var backup = Backup();
        return options.Command("progress", "Follow the last operation of an image backup to its end.", [backup], follows: false, async (parsed, client, output, cancellationToken) =>
        {
            var found = await client.FindBackupAsync(parsed.GetRequiredValue(backup), cancellationToken);
            if (await client.FindOperationAsync(found, cancellationToken) is not { } operation)
            {
                await Console.Error.WriteLineAsync($"Image backup {found.Id} had no operation.");
                return ExitCodes.NotFound;
            }

            return await new OperationWatch(client, operation, output with { Follows = true }).RunAsync(cancellationToken);
        });
    }

    private static Command OnBackup(RemoteOptions options, string name, string description, IReadOnlyList<Symbol> further, Func<ParseResult, ImageBackupClient, int, CancellationToken, Task<StartedOperation>> startAsync)
    {
        var backup = Backup();
        return options.Command(name, description, [backup, .. further], follows: true, async (parsed, client, output, cancellationToken) =>
        {
            var found = await client.FindBackupAsync(parsed.GetRequiredValue(backup), cancellationToken);
            return await new OperationWatch(client, await startAsync(parsed, client, found.Id, cancellationToken), output).RunAsync(cancellationToken);
        });
    }

    /// <summary>Returns the argument for an image backup.</summary>
    public static Argument<string> Backup() => new("BACKUP") { Description = "The id or name of the image backup." };

    private static Option<string?> Host() => new("--host") { Description = "The backup node.", HelpName = "NODE" };

    private static Option<string?> Bucket() => new("--bucket") { Description = "The bucket.", HelpName = "BUCKET" };
}
