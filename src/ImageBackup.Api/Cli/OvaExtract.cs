using System.CommandLine;
using ImageBackup.Api.Cli.Output;
using ImageBackup.Api.Hosting;
using ImageBackup.Disks;
using ImageBackup.Disks.Opening;
using ImageBackup.Ova;
using ImageBackup.Ova.Archive;
using ImageBackup.Ova.Blocks;

namespace ImageBackup.Api.Cli;

/// <summary><c>ova extract FILE DIR</c>: writes each volume as a raw, sparse file, checks it, and reads it back. <c>--format</c> then converts it.</summary>
internal static class OvaExtract
{
    private const string PartialSuffix = ".partial";

    public static Command Create()
    {
        var archive = OvaCommands.Archive();
        var target = new Argument<string>("DIR")
        {
            Description = "The directory for the volumes, as <member>.raw, .qcow2 or .vmdk. It is created if it does not exist. - writes one volume, as raw or vmdk, to standard output.",
        };
        var disks = new Option<int[]>("--disk") { Description = "Only this volume: 1 is the first that ova inspect shows. Repeat the option for more volumes.", HelpName = "N", AllowMultipleArgumentsPerToken = false };
        var force = new Option<bool>("--force") { Description = "Overwrite files that exist." };
        var format = DiskFile.Format();
        format.DefaultValueFactory = _ => DiskFile.Raw;
        var forceRaw = DiskCommands.ForceRaw();
        return FileCommand.Create("extract", "Write the volumes as disks, and check every digest.", [archive, target, disks, format, force, forceRaw], (parsed, output, cancellationToken) =>
        {
            var wanted = new Wanted(
                parsed.GetRequiredValue(archive), parsed.GetValue(disks) ?? [], parsed.GetRequiredValue(format), parsed.GetValue(force), parsed.GetValue(forceRaw));
            var directory = parsed.GetRequiredValue(target);
            return directory == StandardStreams.Sign ? StreamAsync(wanted, output, cancellationToken) : WriteAsync(wanted, directory, output, cancellationToken);
        });
    }

    /// <summary>Returns what the archive says about a volume.</summary>
    public static RestoreExpectation Expect(OvaVolumeMember volume) => new()
    {
        Name = volume.Volume.Href,
        Capacity = volume.Volume.Capacity,
        Stored = volume.Expected,
        Format = volume.Volume.Format,
        BlockList = volume.BlockList,
    };

    /// <summary>Writes one volume to standard output, after its digests were checked.</summary>
    private static async Task<int> StreamAsync(Wanted wanted, CommandOutput output, CancellationToken cancellationToken)
    {
        DiskFile.RequireStreamed(wanted.Format);
        await using var stream = StandardStreams.OpenOutput(output);
        using var scratch = new ScratchDirectory(Path.GetTempPath());
        var (file, volumes) = await OpenAsync(wanted, scratch.Path, output, cancellationToken);
        if (volumes is not [var volume])
        {
            throw CommandException.Usage($"{file.Name} has {volumes.Count} volumes to extract. Choose one for standard output with --disk.");
        }

        var extraction = new Extraction(volume, Path.Combine(scratch.Path, "volume.raw"), output);
        var converting = output.Progress.Plan("Writing to standard output", volume.Volume.Capacity);
        await file.NamedAsync(() => RestoreAsync(extraction, extraction.Path, scratch.Path, cancellationToken));
        using var disk = OpenRaw(extraction.Path, cancellationToken);
        await DiskFile.StreamAsync(disk, wanted.Format, stream, scratch.Path, converting, cancellationToken);
        output.Result<object?>(null, null, output.Summarize(volume.Volume.Capacity, volume.Stored.Length));
        return ExitCodes.Done;
    }

    private static async Task<int> WriteAsync(Wanted wanted, string directory, CommandOutput output, CancellationToken cancellationToken)
    {
        var target = Directory.CreateDirectory(directory).FullName;
        using var scratch = new ScratchDirectory(target);
        var (file, volumes) = await OpenAsync(wanted, scratch.Path, output, cancellationToken);
        var extractions = volumes.Select(volume => new Extraction(volume, PathOf(volume, target, wanted.Format), output)).ToList();
        if (extractions.DistinctBy(extraction => extraction.Path).Count() < extractions.Count)
        {
            throw new CommandException($"{file.Name}: Two members would become the same file, because a / in their names becomes _.", ExitCodes.Failed);
        }

        if (!wanted.Force && extractions.Find(extraction => File.Exists(extraction.Path)) is { } taken)
        {
            throw CommandException.Exists(taken.Path);
        }

        var converting = wanted.Format == DiskFile.Raw ? [] : volumes.ToDictionary(volume => volume, volume => output.Progress.Plan($"Converting {volume.Volume.Href}", volume.Volume.Capacity));
        foreach (var extraction in extractions)
        {
            await file.NamedAsync(() => ExtractAsync(extraction, converting.GetValueOrDefault(extraction.Volume), wanted.Format, scratch.Path, cancellationToken));
        }

        var summary = output.Summarize(volumes.Sum(volume => volume.Volume.Capacity), volumes.Sum(volume => volume.Stored.Length));
        output.Result(
            new Extracted(Path.GetFileName(file.Name), [.. extractions.Select(extraction => new ExtractedVolume(extraction.Volume.Volume.Href, extraction.Path, extraction.Volume.Volume.Capacity))], summary),
            string.Join('\n', extractions.Select(extraction => extraction.Path)),
            summary);
        return ExitCodes.Done;
    }

    /// <summary>Reads the archive and returns the volumes that are wanted.</summary>
    private static async Task<(InputFile File, List<OvaVolumeMember> Volumes)> OpenAsync(Wanted wanted, string scratch, CommandOutput output, CancellationToken cancellationToken)
    {
        var file = await InputFile.OpenAsync(wanted.Archive, scratch, output, cancellationToken);
        var unpacking = output.Progress.PlanIfNeeded("Unpacking", file.Length);
        var archive = await file.NamedAsync(() => OvaReader.ReadAsync(
            file.Path, new OvaReaderOptions { ScratchDirectory = scratch, ForceRaw = wanted.ForceRaw }, unpacking.ReportAsync, cancellationToken));
        var count = archive.Volumes.Count;
        if (wanted.Disks.Cast<int?>().FirstOrDefault(number => number < 1 || number > count) is { } wrong)
        {
            throw CommandException.Usage($"--disk {wrong} does not exist: {file.Name} has {count} volumes. Use 1 to {count}.");
        }

        return (file, wanted.Disks is [] ? [.. archive.Volumes] : [.. wanted.Disks.Distinct().Select(number => archive.Volumes[number - 1])]);
    }

    private static string PathOf(OvaVolumeMember volume, string directory, string format) => Path.Combine(directory, volume.Volume.Href.Replace('/', '_') + "." + format);

    private static async Task<long> ExtractAsync(Extraction extraction, WorkStep? converting, string format, string scratch, CancellationToken cancellationToken)
    {
        if (converting is null)
        {
            return await RestoreAsync(extraction, extraction.Path, scratch, cancellationToken);
        }

        var raw = Path.Combine(scratch, "volume.raw");
        await RestoreAsync(extraction, raw, scratch, cancellationToken);
        using (var disk = OpenRaw(raw, cancellationToken))
        {
            await DiskFile.WriteAsync(disk, format, extraction.Path, scratch, converting, cancellationToken);
        }

        converting.End();
        File.Delete(raw);
        return extraction.Volume.Volume.Capacity;
    }

    private static DiskImage OpenRaw(string path, CancellationToken cancellationToken)
        => DiskImages.Open(new FileSource(path), new DiskOpenOptions { Format = DiskFormat.Raw }, cancellationToken);

    private static async Task<long> RestoreAsync(Extraction extraction, string path, string scratch, CancellationToken cancellationToken)
    {
        var (volume, step) = (extraction.Volume, extraction.Step);
        var partial = path + PartialSuffix;
        try
        {
            await VolumeRestorer.RestoreAsync(volume.Stored, volume.Encoding, Expect(volume), partial, new DataPathOptions { ScratchDirectory = scratch }, step.ReportAsync, cancellationToken);
            step.End();
            File.Move(partial, path, overwrite: true);
            return volume.Volume.Capacity;
        }
        finally
        {
            // After the rename, the file does not exist.
            File.Delete(partial);
        }
    }

    private sealed record Wanted(string Archive, int[] Disks, string Format, bool Force, bool ForceRaw);

    /// <summary>A volume, where it goes, and its step of the progress: reading the member and reading the file back.</summary>
    private sealed class Extraction(OvaVolumeMember volume, string path, CommandOutput output)
    {
        public OvaVolumeMember Volume => volume;

        public string Path => path;

        public WorkStep Step { get; } = output.Progress.Plan($"Extracting {volume.Volume.Href}", volume.Stored.Length + volume.Volume.Capacity);
    }

    private sealed record Extracted(string File, IReadOnlyList<ExtractedVolume> Volumes, WorkSummary Summary);

    private sealed record ExtractedVolume(string Member, string File, long Capacity);
}
