using System.CommandLine;
using System.CommandLine.Parsing;
using ImageBackup.Api.Cli.Output;
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
        IReadOnlyList<Symbol> symbols = [name, description, architecture, osType, disks, dataDisks, compression, forceRaw, force, target];
        return FileCommand.Create("create", "Write an archive from disks.", symbols, (parsed, output, cancellationToken) => RunAsync(
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
            output,
            cancellationToken));
    }

    private static Option<string[]> Disks(string name, string description, bool required)
    {
        var disks = new Option<string[]>(name) { Description = description, Required = required, HelpName = "FILE", AllowMultipleArgumentsPerToken = false };
        disks.Validators.Add(InputFile.RefuseMissing);
        return disks;
    }

    private static void RefuseOtherNames(ArgumentResult result)
    {
        if (result.Tokens is [{ Value: StandardStreams.Sign }])
        {
            result.AddError("An archive cannot be written to standard output, because its descriptor comes first and is known last. Use a file.");
        }
        else if (result.GetValueOrDefault<FileInfo>() is { } file && (file.Extension != ".ova" || file.Directory is not { Exists: true }))
        {
            result.AddError(file.Extension == ".ova" ? $"The directory of '{file}' does not exist." : $"'{file}' does not end in .ova. Use a name that does.");
        }
    }

    private static async Task<int> RunAsync(Wanted wanted, FileInfo target, bool force, CommandOutput output, CancellationToken cancellationToken)
    {
        if (target.Exists && !force)
        {
            throw CommandException.Exists(target.FullName);
        }

        if (wanted.Disks.Concat(wanted.DataDisks).Count(disk => disk == StandardStreams.Sign) > 1)
        {
            throw CommandException.Usage("Standard input is only one disk. Use - once.");
        }

        using var scratch = new ScratchDirectory(target.DirectoryName!);
        var disks = await OpenAsync(wanted, scratch.Path, output, cancellationToken);
        var volumes = disks.Select((disk, place) => Describe(wanted, disk, place)).ToList();

        // The partial archive is in the scratch directory, so that nothing of it stays after an error.
        var draft = Path.Combine(scratch.Path, target.Name);
        var hashing = output.Progress.Plan("SHA-256 of the archive", disks.Sum(disk => disk.File.Length));
        var written = await WriteAsync(new OvaWriter(draft, Describe(wanted, volumes), TimeProvider.System.GetUtcNow()), wanted, disks, cancellationToken);
        hashing.Resize(written.Size);
        var sha256 = await FileDigest.ComputeAsync(draft, hashing.ReportAsync, cancellationToken);
        File.Move(draft, target.FullName, overwrite: true);
        NativeFile.SyncDirectory(target.DirectoryName!);
        var summary = output.Summarize(volumes.Sum(volume => volume.Capacity), written.Size);
        output.Result(
            new Created(target.FullName, written.Size, sha256, [.. volumes.Select(volume => new CreatedVolume(volume.Href, volume.Capacity, volume.Boot))], summary),
            $"{target.FullName}: {written.Size} bytes, SHA-256 {sha256}",
            summary);
        return ExitCodes.Done;
    }

    /// <summary>Returns the disks as raw files, and plans the steps of packing them.</summary>
    private static async Task<List<RawDisk>> OpenAsync(Wanted wanted, string scratch, CommandOutput output, CancellationToken cancellationToken)
    {
        List<InputFile> files = [];
        foreach (var given in wanted.Disks.Concat(wanted.DataDisks))
        {
            files.Add(await InputFile.OpenAsync(given, scratch, output, cancellationToken));
        }

        var steps = files.Select(file => (
            File: file,
            Unpacking: output.Progress.PlanIfNeeded($"Unpacking {Path.GetFileName(file.Name)}", file.Length),
            Packing: output.Progress.Plan($"Packing {Path.GetFileName(file.Name)}", file.Length))).ToList();
        List<RawDisk> disks = [];
        foreach (var (file, unpacking, packing) in steps)
        {
            var raw = await file.NamedAsync(() => UnpackAsync(file, wanted.ForceRaw, scratch, unpacking, cancellationToken));
            packing.Resize(raw.Length);
            disks.Add(new RawDisk(raw, disks.Count < wanted.Disks.Length, packing));
        }

        return disks;
    }

    private static OvfVolume Describe(Wanted wanted, RawDisk disk, int place)
    {
        var member = BackupNames.Member(wanted.Name, place + 1);
        return new OvfVolume
        {
            Href = member,
            Name = member,
            Capacity = disk.File.Length,
            Compression = wanted.Compression == OvaCompression.None ? null : DiskFormat.Gzip,
            Boot = disk.Boot,
        };
    }

    private static OvfDescriptor Describe(Wanted wanted, IReadOnlyList<OvfVolume> volumes) => new()
    {
        Name = wanted.Name,
        Description = wanted.Description,
        OsType = wanted.OsType,
        Architecture = wanted.Architecture,
        Volumes = volumes,
    };

    private static async Task<WrittenOva> WriteAsync(OvaWriter writer, Wanted wanted, IReadOnlyList<RawDisk> disks, CancellationToken cancellationToken)
    {
        List<PackedVolume> packed = [];
        foreach (var disk in disks)
        {
            packed.Add(await writer.PackAsync(packed, disk.File.FullName, wanted.Compression, new DataPathOptions(), disk.Packing.ReportAsync, cancellationToken));
            disk.Packing.End();
        }

        return await writer.FinishAsync(packed, static (_, _) => ValueTask.CompletedTask, cancellationToken);
    }

    /// <summary>Returns a file with the bytes that the guest of a disk sees: the disk itself if it is raw.</summary>
    private static async Task<FileInfo> UnpackAsync(InputFile disk, bool forceRaw, string directory, WorkStep step, CancellationToken cancellationToken)
    {
        if (disk.Length == 0)
        {
            throw new InvalidOvaException("The disk is empty. Use a disk with data.");
        }

        using (var source = new FileSource(disk.Path))
        {
            if (DiskImages.Inspect(source, DiskCommands.Expected(forceRaw), cancellationToken).IsPlain)
            {
                return new FileInfo(disk.Path);
            }
        }

        var raw = Path.Combine(directory, $"{Guid.NewGuid():N}.raw");
        using var image = DiskImages.Open(new FileSource(disk.Path), new DiskOpenOptions { ScratchPath = raw + ".unpacked" }, cancellationToken);
        await DiskFile.WriteAsync(image, DiskFile.Raw, raw, directory, step, cancellationToken);
        step.End();
        return new FileInfo(raw);
    }

    private sealed record Wanted(
        string Name, string? Description, string Architecture, string OsType, string[] Disks, string[] DataDisks, OvaCompression Compression, bool ForceRaw);

    private sealed record RawDisk(FileInfo File, bool Boot, WorkStep Packing);

    private sealed record Created(string File, long Size, string Sha256, IReadOnlyList<CreatedVolume> Volumes, WorkSummary Summary);

    private sealed record CreatedVolume(string Member, long Capacity, bool Boot);
}
