using System.CommandLine;
using System.CommandLine.Parsing;
using ImageBackup.Api.Hosting;
using ImageBackup.Core.Backups;
using ImageBackup.Core.Operations;
using ImageBackup.Disks;
using ImageBackup.Disks.Opening;
using ImageBackup.Ova;
using ImageBackup.Ova.Archive;
using ImageBackup.Ova.Blocks;
using ImageBackup.Ova.Descriptor;
using ImageBackup.Ova.IO;

namespace ImageBackup.Api.Cli;

/// <summary><c>ova create … OUT</c>: writes an archive from disks, as an export does. The archive has the bytes that a guest of each disk sees.</summary>
internal static class OvaCreate
{
    public static Command Create()
    {
        var name = new Option<string>("--name") { Description = "The image's name.", Required = true };
        var description = new Option<string?>("--description") { Description = "A description of the image." };
        var architecture = new Option<string>("--arch") { Description = "The architecture.", Required = true }.AcceptOnlyFromAmong([.. Architectures.All]);
        var osType = new Option<string>("--os") { Description = "The operating system.", Required = true }.AcceptOnlyFromAmong([.. OperatingSystems.All]);
        var disks = Disks("--disk", "A disk that the system boots from: raw, qcow2, VMDK, VHD, VHDX or VDI, also in gzip, xz or zstd. Repeat the option for more disks.", required: true);
        var dataDisks = Disks("--data-disk", "A disk with data. Repeat the option for more disks.", required: false);
        var compression = new Option<string>("--compression")
        {
            Description = "True: gzip. Fast: faster gzip, a little larger. False: none.",
            DefaultValueFactory = _ => OvaCompression.Fast.ToWire(),
        }.AcceptOnlyFromAmong(StringComparer.OrdinalIgnoreCase, [.. CompressionWords.All]);
        var forceRaw = DiskCommands.ForceRaw();
        var force = new Option<bool>("--force") { Description = "Overwrite OUT if it exists." };
        var target = new Argument<FileInfo>("OUT") { Description = "The archive to write. Its name ends in .ova." };
        target.Validators.Add(RefuseOtherNames);
        var command = new Command("create", "Write an archive from disks.")
        {
            name, description, architecture, osType, disks, dataDisks, compression, forceRaw, force, target,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            new Wanted(
                parsed.GetRequiredValue(name),
                parsed.GetValue(description),
                parsed.GetRequiredValue(architecture),
                parsed.GetRequiredValue(osType),
                parsed.GetRequiredValue(disks),
                parsed.GetValue(dataDisks) ?? [],
                CompressionWords.Parse(parsed.GetRequiredValue(compression)),
                parsed.GetValue(forceRaw)),
            parsed.GetRequiredValue(target),
            parsed.GetValue(force),
            cancellationToken));
        return command;
    }

    private static Option<FileInfo[]> Disks(string name, string description, bool required)
        => new Option<FileInfo[]>(name) { Description = description, Required = required, HelpName = "FILE", AllowMultipleArgumentsPerToken = false }.AcceptExistingOnly();

    private static void RefuseOtherNames(ArgumentResult result)
    {
        if (result.GetValueOrDefault<FileInfo>() is { } file && (file.Extension != ".ova" || file.Directory is not { Exists: true }))
        {
            result.AddError(file.Extension == ".ova" ? $"The directory of '{file}' does not exist." : $"'{file}' does not end in .ova. Use a name that does.");
        }
    }

    private static async Task<int> RunAsync(Wanted wanted, FileInfo target, bool force, CancellationToken cancellationToken)
    {
        if (target.Exists && !force)
        {
            await Console.Error.WriteLineAsync($"{target.FullName} exists. Use --force to overwrite it.");
            return ExitCodes.Usage;
        }

        using var scratch = new ScratchDirectory(target.DirectoryName!);
        List<FileInfo> disks = [];
        List<OvfVolume> volumes = [];
        foreach (var (disk, boot) in wanted.Disks.Select(disk => (disk, true)).Concat(wanted.DataDisks.Select(disk => (disk, false))))
        {
            disks.Add(await UnpackAsync(disk, wanted.ForceRaw, scratch.Path, cancellationToken));
            var member = BackupNames.Member(wanted.Name, disks.Count);
            volumes.Add(new OvfVolume
            {
                Href = member,
                Name = member,
                Capacity = disks[^1].Length,
                Compression = wanted.Compression == OvaCompression.None ? null : DiskFormat.Gzip,
                Boot = boot,
            });
        }

        // The partial archive is in the scratch directory, so that nothing of it stays after an error.
        var draft = Path.Combine(scratch.Path, target.Name);
        var written = await WriteAsync(new OvaWriter(draft, Describe(wanted, volumes), TimeProvider.System.GetUtcNow()), wanted, disks, cancellationToken);
        var sha256 = await HashAsync(draft, written.Size, cancellationToken);
        File.Move(draft, target.FullName, overwrite: true);
        NativeFile.SyncDirectory(target.DirectoryName!);
        Console.Out.WriteLine($"{target.FullName}: {written.Size} bytes, SHA-256 {sha256}");
        return ExitCodes.Done;
    }

    private static OvfDescriptor Describe(Wanted wanted, IReadOnlyList<OvfVolume> volumes) => new()
    {
        Name = wanted.Name,
        Description = wanted.Description,
        OsType = wanted.OsType,
        Architecture = wanted.Architecture,
        Volumes = volumes,
    };

    private static async Task<WrittenOva> WriteAsync(OvaWriter writer, Wanted wanted, IReadOnlyList<FileInfo> disks, CancellationToken cancellationToken)
    {
        List<PackedVolume> packed = [];
        foreach (var disk in disks)
        {
            using var progress = new ProgressLine(disk.Name, disk.Length, TimeProvider.System);
            packed.Add(await writer.PackAsync(packed, disk.FullName, wanted.Compression, new DataPathOptions(), progress.ReportAsync, cancellationToken));
        }

        return await writer.FinishAsync(packed, static (_, _) => ValueTask.CompletedTask, cancellationToken);
    }

    private static async Task<string> HashAsync(string archive, long size, CancellationToken cancellationToken)
    {
        using var progress = new ProgressLine("SHA-256", size, TimeProvider.System);
        return await FileDigest.ComputeAsync(archive, progress.ReportAsync, cancellationToken);
    }

    /// <summary>Returns a file with the bytes that the guest of a disk sees: the disk itself if it is raw.</summary>
    private static async Task<FileInfo> UnpackAsync(FileInfo disk, bool forceRaw, string directory, CancellationToken cancellationToken)
    {
        if (disk.Length == 0)
        {
            throw new InvalidOvaException($"{disk.FullName} is empty. Use a disk.");
        }

        using (var source = new FileSource(disk.FullName))
        {
            if (DiskImages.Inspect(source, DiskCommands.Expected(forceRaw), cancellationToken).IsPlain)
            {
                return disk;
            }
        }

        var raw = Path.Combine(directory, $"{Guid.NewGuid():N}.raw");
        using var image = DiskImages.Open(new FileSource(disk.FullName), new DiskOpenOptions { ScratchPath = raw + ".unpacked" }, cancellationToken);
        await DiskFile.WriteAsync(image, DiskFile.Raw, raw, directory, disk.Length, cancellationToken);
        return new FileInfo(raw);
    }

    private sealed record Wanted(
        string Name, string? Description, string Architecture, string OsType, FileInfo[] Disks, FileInfo[] DataDisks, OvaCompression Compression, bool ForceRaw);
}
