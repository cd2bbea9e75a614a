using System.CommandLine;
using ImageBackup.Api.Cli.Output;
using ImageBackup.Api.Hosting;
using ImageBackup.Disks;
using ImageBackup.Disks.Opening;

namespace ImageBackup.Api.Cli;

/// <summary><c>disk convert IN OUT --format raw|qcow2|vmdk</c>: writes the bytes that the guest of a disk image sees in another format.</summary>
internal static class DiskConvert
{
    /// <summary>For a compressed disk, whose length is known when it is unpacked.</summary>
    private const int UsualRatio = 3;

    public static Command Create()
    {
        var image = DiskCommands.Image("IN");
        var target = new Argument<string>("OUT") { Description = "The file to write. It has this name only when it is complete. - writes raw or vmdk to standard output." };
        var format = DiskFile.Format();
        format.Required = true;
        var force = new Option<bool>("--force") { Description = "Overwrite a file that exists." };
        var forceRaw = DiskCommands.ForceRaw();
        return FileCommand.Create("convert", "Write a disk image in another format.", [image, target, format, force, forceRaw], (parsed, output, cancellationToken) =>
        {
            var wanted = new Wanted(parsed.GetRequiredValue(image), parsed.GetRequiredValue(format), parsed.GetValue(forceRaw));
            var path = parsed.GetRequiredValue(target);
            return path == StandardStreams.Sign
                ? StreamAsync(wanted, output, cancellationToken)
                : WriteAsync(wanted, new FileInfo(path), parsed.GetValue(force), output, cancellationToken);
        });
    }

    private static async Task<int> StreamAsync(Wanted wanted, CommandOutput output, CancellationToken cancellationToken)
    {
        DiskFile.RequireStreamed(wanted.Format);
        await using var stream = StandardStreams.OpenOutput(output);
        using var scratch = new ScratchDirectory(Path.GetTempPath());
        var (file, length) = await ConvertAsync(
            wanted, scratch.Path, output, (image, step) => DiskFile.StreamAsync(image, wanted.Format, stream, scratch.Path, step, cancellationToken), cancellationToken);
        output.Result<object?>(null, null, output.Summarize(length, file.Length));
        return ExitCodes.Done;
    }

    private static async Task<int> WriteAsync(Wanted wanted, FileInfo target, bool force, CommandOutput output, CancellationToken cancellationToken)
    {
        if (!force && target.Exists)
        {
            throw CommandException.Exists($"{target}");
        }

        if (!Directory.Exists(target.DirectoryName))
        {
            throw CommandException.Usage($"The directory of {target} does not exist.");
        }

        using var scratch = new ScratchDirectory(target.DirectoryName);
        var (file, length) = await ConvertAsync(
            wanted, scratch.Path, output, (image, step) => DiskFile.WriteAsync(image, wanted.Format, target.FullName, scratch.Path, step, cancellationToken), cancellationToken);
        target.Refresh();
        var summary = output.Summarize(length, target.Length);
        output.Result(new Converted(target.FullName, wanted.Format, length, target.Length, summary), null, summary);
        return ExitCodes.Done;
    }

    private static async Task<(InputFile File, long Length)> ConvertAsync(
        Wanted wanted, string scratch, CommandOutput output, Func<DiskImage, WorkStep, Task<long>> writeAsync, CancellationToken cancellationToken)
    {
        var file = await InputFile.OpenAsync(wanted.Image, scratch, output, cancellationToken);
        var length = await file.NamedAsync(async () =>
        {
            using var image = DiskImages.Open(
                new FileSource(file.Path), new DiskOpenOptions { Format = DiskCommands.Expected(wanted.ForceRaw), ScratchPath = Path.Combine(scratch, "unpacked") }, cancellationToken);
            return await writeAsync(image, output.Progress.Plan($"Converting {Path.GetFileName(file.Name)}", image.Length ?? UsualRatio * file.Length));
        });
        return (file, length);
    }

    private sealed record Wanted(string Image, string Format, bool ForceRaw);

    private sealed record Converted(string File, string Format, long DiskSize, long FileSize, WorkSummary Summary);
}
