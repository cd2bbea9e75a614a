using System.CommandLine;
using ImageBackup.Api.Cli.Output;
using ImageBackup.Api.Hosting;
using ImageBackup.Disks;
using ImageBackup.Disks.Opening;
using ImageBackup.Ova.IO;

namespace ImageBackup.Api.Cli;

/// <summary><c>disk info FILE</c>: shows what the headers of a disk image tell.</summary>
internal static class DiskInfo
{
    public static Command Create()
    {
        var image = DiskCommands.Image("FILE");
        var forceRaw = DiskCommands.ForceRaw();
        return FileCommand.Create(
            "info",
            "Show the format and the sizes of a disk image. Reads its headers, not its data.",
            [image, forceRaw],
            (parsed, output, cancellationToken) => RunAsync(parsed.GetRequiredValue(image), parsed.GetValue(forceRaw), output, cancellationToken));
    }

    private static async Task<int> RunAsync(string given, bool forceRaw, CommandOutput output, CancellationToken cancellationToken)
    {
        using var scratch = given == StandardStreams.Sign ? new ScratchDirectory(Path.GetTempPath()) : null;
        var file = await InputFile.OpenAsync(given, scratch?.Path ?? "", output, cancellationToken);
        using var source = new FileSource(file.Path);
        var summary = await file.NamedAsync(() => Task.FromResult(DiskImages.Inspect(source, DiskCommands.Expected(forceRaw), cancellationToken)));
        using var handle = File.OpenHandle(file.Path);
        var dataSize = NativeFile.DataBytes(handle);
        output.Result(
            new Described(
                Path.GetFileName(file.Name),
                DiskFormatNames.NameOf(summary.Format),
                summary.Compression is { } compression ? DiskFormatNames.NameOf(compression) : null,
                summary.Length,
                source.Length,
                dataSize),
            $"""
            Format:    {summary}
            Disk size: {(summary.Length is { } length ? $"{Sizes.Of(length)} ({length} bytes)" : "unknown until the file is unpacked")}
            File size: {Sizes.Of(source.Length)} ({source.Length} bytes), {Sizes.Of(dataSize)} without holes
            """,
            summary: null);
        return ExitCodes.Done;
    }

    private sealed record Described(string File, string Format, string? Compression, long? DiskSize, long FileSize, long FileDataSize);
}
