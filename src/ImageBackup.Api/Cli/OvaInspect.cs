using System.CommandLine;
using System.Text.Json;
using ImageBackup.Api.Cli.Output;
using ImageBackup.Api.Hosting;
using ImageBackup.Disks;
using ImageBackup.Ova;
using ImageBackup.Ova.Archive;

namespace ImageBackup.Api.Cli;

/// <summary><c>ova inspect FILE</c>: shows the contents of an archive.</summary>
internal static class OvaInspect
{
    public static Command Create()
    {
        var archive = OvaCommands.Archive();
        var scratch = OvaCommands.Scratch();
        var json = new Option<bool>("--json") { Description = "Print JSON, with sizes in bytes and names as in the archive." };
        var forceRaw = DiskCommands.ForceRaw();
        var command = new Command("inspect", "Show the image, its operating system and its volumes. Reads the descriptor, not the volumes.") { archive, scratch, json, forceRaw };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            parsed.GetRequiredValue(archive), parsed.GetRequiredValue(scratch), parsed.GetValue(json), parsed.GetValue(forceRaw), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(FileInfo file, DirectoryInfo scratchParent, bool asJson, bool forceRaw, CancellationToken cancellationToken)
    {
        using var scratch = new ScratchDirectory(scratchParent.FullName);
        using var progress = new ProgressLine("Unpacking", file.Length, TimeProvider.System);
        var archive = await OvaReader.ReadAsync(file.FullName, new OvaReaderOptions { ScratchDirectory = scratch.Path, ForceRaw = forceRaw }, progress.ReportAsync, cancellationToken);
        var text = asJson ? JsonSerializer.Serialize(Describe(file, archive), CliJson.Options) : Write(file, archive);
        Console.Out.WriteLine(text);
        return ExitCodes.Done;
    }

    private static Inspected Describe(FileInfo file, OvaArchive archive) => new(
        file.Name,
        file.Length,
        archive.Descriptor.Name,
        archive.Descriptor.Description,
        archive.Descriptor.OsType,
        archive.Descriptor.Architecture,
        archive.HasManifest,
        [.. archive.Volumes.Select(volume => new InspectedVolume(
            volume.Volume.Href,
            volume.Volume.Name,
            volume.Volume.Boot,
            volume.Volume.Capacity,
            volume.Stored.Length,
            DiskFormatNames.NameOf(volume.Disk.Format),
            volume.Disk.Compression is { } compression ? DiskFormatNames.NameOf(compression) : "none",
            volume.Expected?.Hex,
            volume.BlockList is not null))]);

    private static string Write(FileInfo file, OvaArchive archive)
    {
        var descriptor = archive.Descriptor;
        var text = new System.Text.StringBuilder()
            .AppendLine($"{file.Name}, {Sizes.Of(file.Length)}")
            .AppendLine($"Image:            {descriptor.Name}")
            .AppendLine($"Description:      {descriptor.Description ?? "-"}")
            .AppendLine($"Operating system: {descriptor.OsType ?? "unknown"}, {descriptor.Architecture ?? "architecture unknown"}")
            .AppendLine($"Manifest:         {(archive.HasManifest ? "yes" : "no, so the members cannot be checked")}")
            .Append($"Volumes:          {archive.Volumes.Count}");
        foreach (var volume in archive.Volumes)
        {
            text.AppendLine()
                .Append($"  {volume.Volume.Href}: {Sizes.Of(volume.Volume.Capacity)}{(volume.Volume.Boot ? ", boot" : "")}, stored in {Sizes.Of(volume.Stored.Length)} ({volume.Disk})")
                .Append(volume.BlockList is null ? "" : ", with block digests");
        }

        return text.ToString();
    }

    private sealed record Inspected(
        string File, long Size, string Name, string? Description, string? OsType, string? Architecture, bool HasManifest, IReadOnlyList<InspectedVolume> Volumes);

    private sealed record InspectedVolume(
        string Member, string Name, bool Boot, long Capacity, long StoredSize, string Format, string Compression, string? Digest, bool HasBlockDigests);
}
