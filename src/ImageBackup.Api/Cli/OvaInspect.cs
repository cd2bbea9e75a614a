using System.CommandLine;
using System.Text;
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
        var forceRaw = DiskCommands.ForceRaw();
        return FileCommand.Create(
            "inspect",
            "Show the image, its operating system and its volumes. Reads the descriptor, not the volumes.",
            [archive, scratch, forceRaw],
            (parsed, output, cancellationToken) => RunAsync(parsed.GetRequiredValue(archive), parsed.GetRequiredValue(scratch), parsed.GetValue(forceRaw), output, cancellationToken));
    }

    private static async Task<int> RunAsync(string given, DirectoryInfo scratchParent, bool forceRaw, CommandOutput output, CancellationToken cancellationToken)
    {
        using var scratch = new ScratchDirectory(scratchParent.FullName);
        var file = await InputFile.OpenAsync(given, scratch.Path, output, cancellationToken);
        var unpacking = output.Progress.PlanIfNeeded("Unpacking", file.Length);
        var archive = await file.NamedAsync(() => OvaReader.ReadAsync(
            file.Path, new OvaReaderOptions { ScratchDirectory = scratch.Path, ForceRaw = forceRaw }, unpacking.ReportAsync, cancellationToken));
        output.Result(Describe(file, archive), Write(file, archive), summary: null);
        return ExitCodes.Done;
    }

    private static Inspected Describe(InputFile file, OvaArchive archive) => new(
        Path.GetFileName(file.Name),
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

    private static string Write(InputFile file, OvaArchive archive)
    {
        var descriptor = archive.Descriptor;
        var text = new StringBuilder()
            .AppendLine($"{Path.GetFileName(file.Name)}, {Sizes.Of(file.Length)}")
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
