using System.CommandLine;
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
        var target = new Argument<DirectoryInfo>("DIR") { Description = "The directory for the volumes, as <member>.raw, .qcow2 or .vmdk. It is created if it does not exist." };
        var force = new Option<bool>("--force") { Description = "Overwrite files that exist." };
        var format = DiskFile.Format();
        format.DefaultValueFactory = _ => DiskFile.Raw;
        var forceRaw = DiskCommands.ForceRaw();
        var command = new Command("extract", "Write the volumes as disks, and check every digest.") { archive, target, format, force, forceRaw };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            parsed.GetRequiredValue(archive), parsed.GetRequiredValue(target), parsed.GetRequiredValue(format), parsed.GetValue(force), parsed.GetValue(forceRaw), cancellationToken));
        return command;
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

    private static async Task<int> RunAsync(FileInfo file, DirectoryInfo target, string format, bool force, bool forceRaw, CancellationToken cancellationToken)
    {
        target.Create();
        using var scratch = new ScratchDirectory(target.FullName);
        using var inflating = new ProgressLine("Unpacking", file.Length, TimeProvider.System);
        var archive = await OvaReader.ReadAsync(file.FullName, new OvaReaderOptions { ScratchDirectory = scratch.Path, ForceRaw = forceRaw }, inflating.ReportAsync, cancellationToken);
        var files = archive.Volumes.ToDictionary(volume => volume, volume => Path.Combine(target.FullName, volume.Volume.Href.Replace('/', '_') + "." + format));
        if (files.Values.Distinct().Count() < files.Count)
        {
            throw InvalidOvaException.Unsupported("Two members would become the same file, because a / in their names becomes _.");
        }

        if (!force && files.Values.FirstOrDefault(File.Exists) is { } taken)
        {
            await Console.Error.WriteLineAsync($"{taken} exists. Use --force to overwrite it.");
            return ExitCodes.Usage;
        }

        foreach (var (volume, path) in files)
        {
            await ExtractAsync(volume, format, path, scratch.Path, cancellationToken);
            Console.Out.WriteLine(path);
        }

        return ExitCodes.Done;
    }

    private static async Task ExtractAsync(OvaVolumeMember volume, string format, string path, string scratch, CancellationToken cancellationToken)
    {
        if (format == DiskFile.Raw)
        {
            await RestoreAsync(volume, path, scratch, cancellationToken);
            return;
        }

        var raw = Path.Combine(scratch, "volume.raw");
        await RestoreAsync(volume, raw, scratch, cancellationToken);
        using (var disk = DiskImages.Open(new FileSource(raw), new DiskOpenOptions { Format = DiskFormat.Raw }, cancellationToken))
        {
            await DiskFile.WriteAsync(disk, format, path, scratch, volume.Volume.Capacity, cancellationToken);
        }

        File.Delete(raw);
    }

    private static async Task RestoreAsync(OvaVolumeMember volume, string path, string scratch, CancellationToken cancellationToken)
    {
        var partial = path + PartialSuffix;
        try
        {
            var expected = Expect(volume);
            var options = new DataPathOptions { ScratchDirectory = scratch };
            using (var progress = new ProgressLine(volume.Volume.Href, volume.Stored.Length + expected.Capacity, TimeProvider.System))
            {
                await VolumeRestorer.RestoreAsync(volume.Stored, volume.Encoding, expected, partial, options, progress.ReportAsync, cancellationToken);
            }

            File.Move(partial, path, overwrite: true);
        }
        finally
        {
            // After the rename, the file does not exist.
            File.Delete(partial);
        }
    }
}
