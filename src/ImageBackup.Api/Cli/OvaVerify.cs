using System.CommandLine;
using ImageBackup.Api.Cli.Output;
using ImageBackup.Api.Hosting;
using ImageBackup.Ova;
using ImageBackup.Ova.Archive;
using ImageBackup.Ova.Blocks;

namespace ImageBackup.Api.Cli;

/// <summary><c>ova verify FILE</c>: checks every digest of the manifest, then reads every volume as an import does.</summary>
internal static class OvaVerify
{
    public static Command Create()
    {
        var archive = OvaCommands.Archive();
        var scratch = OvaCommands.Scratch();
        var forceRaw = DiskCommands.ForceRaw();
        var command = new Command("verify", "Check every member and every volume without writing them. Exit code 1: the archive is damaged.") { archive, scratch, forceRaw };
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed.GetRequiredValue(archive), parsed.GetRequiredValue(scratch), parsed.GetValue(forceRaw), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(FileInfo file, DirectoryInfo scratchParent, bool forceRaw, CancellationToken cancellationToken)
    {
        using var scratch = new ScratchDirectory(scratchParent.FullName);
        var options = new OvaReaderOptions { ScratchDirectory = scratch.Path, ForceRaw = forceRaw };
        OvaVerification verification;
        using (var progress = new ProgressLine("Hashing", file.Length, TimeProvider.System))
        {
            verification = await OvaVerifier.VerifyAsync(file.FullName, options, progress.ReportAsync, cancellationToken);
        }

        if (verification.Mismatch is { } wrong)
        {
            Console.Out.WriteLine($"{file.Name}: damaged. {wrong.Member} has {wrong.Found.Algorithm} {wrong.Found.Hex}, but the manifest has {wrong.Expected.Hex}.");
            return ExitCodes.Failed;
        }

        var archive = await OvaReader.ReadAsync(file.FullName, options, static (_, _) => ValueTask.CompletedTask, cancellationToken);
        foreach (var volume in archive.Volumes)
        {
            await VerifyAsync(volume, scratch.Path, cancellationToken);
        }

        Console.Out.WriteLine(verification.HasManifest
            ? $"{file.Name}: no damage found. {verification.MembersChecked} members ({Sizes.Of(verification.BytesChecked)}) and {archive.Volumes.Count} volumes checked."
            : $"{file.Name}: readable. {archive.Volumes.Count} volumes were read to the end. Without a manifest, the members cannot be checked.");
        return ExitCodes.Done;
    }

    private static async Task VerifyAsync(OvaVolumeMember volume, string scratch, CancellationToken cancellationToken)
    {
        using var progress = new ProgressLine(volume.Volume.Href, volume.Stored.Length, TimeProvider.System);
        await VolumeVerifier.VerifyAsync(volume.Stored, volume.Encoding, OvaExtract.Expect(volume), new DataPathOptions { ScratchDirectory = scratch }, progress.ReportAsync, cancellationToken);
    }
}
