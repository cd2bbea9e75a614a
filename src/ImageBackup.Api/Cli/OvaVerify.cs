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
        return FileCommand.Create(
            "verify",
            "Check every member and every volume without writing them. Exit code 1: the archive is damaged.",
            [archive, scratch, forceRaw],
            (parsed, output, cancellationToken) => RunAsync(parsed.GetRequiredValue(archive), parsed.GetRequiredValue(scratch), parsed.GetValue(forceRaw), output, cancellationToken));
    }

    private static async Task<int> RunAsync(string given, DirectoryInfo scratchParent, bool forceRaw, CommandOutput output, CancellationToken cancellationToken)
    {
        using var scratch = new ScratchDirectory(scratchParent.FullName);
        var file = await InputFile.OpenAsync(given, scratch.Path, output, cancellationToken);
        return await file.NamedAsync(() => VerifyAsync(file, new OvaReaderOptions { ScratchDirectory = scratch.Path, ForceRaw = forceRaw }, output, cancellationToken));
    }

    private static async Task<int> VerifyAsync(InputFile file, OvaReaderOptions options, CommandOutput output, CancellationToken cancellationToken)
    {
        var hashing = output.Progress.Plan("Hashing", file.Length);
        var estimate = output.Progress.Plan("Reading volumes", file.Length);
        var verification = await OvaVerifier.VerifyAsync(file.Path, options, hashing.ReportAsync, cancellationToken);
        hashing.End();
        var name = Path.GetFileName(file.Name);
        if (verification.Mismatch is { } wrong)
        {
            output.Result(
                new Verified(name, file.Length, false, verification.HasManifest, verification.MembersChecked, 0, new Damage(wrong.Member, wrong.Found.Algorithm, wrong.Expected.Hex, wrong.Found.Hex), null),
                $"{name}: damaged. {wrong.Member} has {wrong.Found.Algorithm} {wrong.Found.Hex}, but the manifest has {wrong.Expected.Hex}.",
                summary: null);
            return ExitCodes.Failed;
        }

        var archive = await OvaReader.ReadAsync(file.Path, options, output.Progress.PlanIfNeeded("Unpacking", file.Length).ReportAsync, cancellationToken);
        estimate.Resize(0);
        var volumes = archive.Volumes.Select(volume => (Volume: volume, Step: output.Progress.Plan($"Reading {volume.Volume.Href}", volume.Stored.Length))).ToList();
        var bytes = 0L;
        foreach (var (volume, step) in volumes)
        {
            var read = await VolumeVerifier.VerifyAsync(
                volume.Stored, volume.Encoding, OvaExtract.Expect(volume), new DataPathOptions { ScratchDirectory = options.ScratchDirectory }, step.ReportAsync, cancellationToken);
            step.End();
            bytes += read.VolumeSize;
        }

        var summary = output.Summarize(bytes, file.Length);
        output.Result(
            new Verified(name, file.Length, true, verification.HasManifest, verification.MembersChecked, volumes.Count, null, summary),
            verification.HasManifest
                ? $"{name}: no damage found. {verification.MembersChecked} members ({Sizes.Of(verification.BytesChecked)}) and {volumes.Count} volumes checked."
                : $"{name}: readable. {volumes.Count} volumes were read to the end. Without a manifest, the members cannot be checked.",
            summary);
        return ExitCodes.Done;
    }

    private sealed record Verified(string File, long Size, bool Intact, bool HasManifest, int MembersChecked, int VolumesChecked, Damage? Damage, WorkSummary? Summary);

    private sealed record Damage(string Member, string Algorithm, string Expected, string Found);
}
