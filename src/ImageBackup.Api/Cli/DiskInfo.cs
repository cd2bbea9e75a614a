using System.CommandLine;
using System.Text.Json;
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
        var json = new Option<bool>("--json") { Description = "Print JSON, with sizes in bytes." };
        var command = new Command("info", "Show the format and the sizes of a disk image. Reads its headers, not its data.") { image, forceRaw, json };
        command.SetAction((parsed, cancellationToken) => Task.FromResult(
            Run(parsed.GetRequiredValue(image), parsed.GetValue(forceRaw), parsed.GetValue(json), cancellationToken)));
        return command;
    }

    private static int Run(FileInfo file, bool forceRaw, bool asJson, CancellationToken cancellationToken)
    {
        using var source = new FileSource(file.FullName);
        var summary = DiskImages.Inspect(source, DiskCommands.Expected(forceRaw), cancellationToken);
        using var handle = File.OpenHandle(file.FullName);
        var dataSize = NativeFile.DataBytes(handle);
        Console.Out.WriteLine(asJson
            ? JsonSerializer.Serialize(
                new Described(
                    file.Name,
                    DiskFormatNames.NameOf(summary.Format),
                    summary.Compression is { } compression ? DiskFormatNames.NameOf(compression) : null,
                    summary.Length,
                    source.Length,
                    dataSize),
                CliJson.Options)
            : $"""
              Format:    {summary}
              Disk size: {(summary.Length is { } length ? $"{Sizes.Of(length)} ({length} bytes)" : "unknown until the file is unpacked")}
              File size: {Sizes.Of(source.Length)} ({source.Length} bytes), {Sizes.Of(dataSize)} without holes
              """);
        return ExitCodes.Done;
    }

    private sealed record Described(string File, string Format, string? Compression, long? DiskSize, long FileSize, long FileDataSize);
}
