using System.CommandLine;
using ImageBackup.Api.Hosting;
using ImageBackup.Disks;
using ImageBackup.Disks.Opening;

namespace ImageBackup.Api.Cli;

/// <summary><c>disk convert IN OUT --format raw|qcow2|vmdk</c>: writes the bytes that the guest of a disk image sees in another format.</summary>
internal static class DiskConvert
{
    public static Command Create()
    {
        var image = DiskCommands.Image("IN");
        var target = new Argument<FileInfo>("OUT") { Description = "The file to write. It has this name only when it is complete." };
        var format = DiskFile.Format();
        format.Required = true;
        var force = new Option<bool>("--force") { Description = "Overwrite a file that exists." };
        var forceRaw = DiskCommands.ForceRaw();
        var command = new Command("convert", "Write a disk image in another format.") { image, target, format, force, forceRaw };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            parsed.GetRequiredValue(image),
            parsed.GetRequiredValue(target),
            parsed.GetRequiredValue(format),
            parsed.GetValue(force),
            parsed.GetValue(forceRaw),
            cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(FileInfo file, FileInfo target, string format, bool force, bool forceRaw, CancellationToken cancellationToken)
    {
        if (!force && target.Exists)
        {
            await Console.Error.WriteLineAsync($"{target} exists. Use --force to overwrite it.");
            return ExitCodes.Usage;
        }

        using var scratch = new ScratchDirectory(target.DirectoryName!);
        using var image = DiskImages.Open(
            new FileSource(file.FullName),
            new DiskOpenOptions { Format = DiskCommands.Expected(forceRaw), ScratchPath = Path.Combine(scratch.Path, "unpacked") },
            cancellationToken);
        await DiskFile.WriteAsync(image, format, target.FullName, scratch.Path, file.Length, cancellationToken);
        return ExitCodes.Done;
    }
}
