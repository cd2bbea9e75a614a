using ImageBackup.Core.Backups;
using ImageBackup.Core.Flows;
using ImageBackup.Core.ObjectStorage;
using ImageBackup.Core.Persistence;
using ImageBackup.Core.Settings;
using ImageBackup.Ova;
using ImageBackup.Ova.Archive;
using ImageBackup.Ova.Blocks;

namespace ImageBackup.Core.Operations.Verify;

/// <summary>Hashes the archive, its members and the volumes in them again, and compares with what was recorded. Result: what was compared.</summary>
internal sealed class VerifyOvaTask(VerifyState state, DataPaths paths, ArchiveFetch? fetch, DataPathOptions dataPath) : FlowTask, IBackupPhase
{
    private bool isDamaged;

    public override string Name => BackupNames.VerifyOva(state.BackupId);

    public override long ExpectedBytes => 2 * state.Size;

    public BackupStatus StatusWhileRunning => BackupStatus.ExtractingOva;

    /// <summary>Only a damaged archive is an error; where it could not be read to the end, nothing is known of it.</summary>
    public BackupStatus? StatusWhereFailed => isDamaged ? BackupStatus.Error : null;

    public override async Task<object?> ExecuteAsync(TaskContext context, CancellationToken cancellationToken)
    {
        RemoveScratch();
        Directory.CreateDirectory(Scratch);
        try
        {
            var file = Path.Combine(paths.BackupNode(state.BackupNodeId), state.OvaName);
            if (fetch is not null)
            {
                file = Path.Combine(Scratch, state.OvaName);
                await fetch(file, cancellationToken);
            }

            return await CompareAsync(file, context, cancellationToken);
        }
        catch (Exception exception) when (exception is InvalidOvaException or ObjectStoreException { Fault: ObjectStoreFault.Damaged })
        {
            isDamaged = true;
            throw;
        }
        finally
        {
            RemoveScratch();
        }
    }

    public override Task RevertAsync(CancellationToken cancellationToken)
    {
        RemoveScratch();
        return Task.CompletedTask;
    }

    private string Scratch => Path.Combine(paths.BackupNode(state.BackupNodeId), $".verify_{state.BackupId}");

    private async Task<object> CompareAsync(string file, TaskContext context, CancellationToken cancellationToken)
    {
        var sha256 = await FileDigest.ComputeAsync(file, context.ReportAsync, cancellationToken);
        if (state.Sha256 is not null && state.Sha256 != sha256)
        {
            // Which member it is helps more than that it is the archive; so the members have their say first.
            await VerifyMembersAsync(file, context, cancellationToken);
            throw new InvalidOvaException($"The archive {state.OvaName} has changed: SHA-256 {state.Sha256} was recorded, found {sha256}.");
        }

        var volumes = await VerifyMembersAsync(file, context, cancellationToken);
        return new VerifyResult(state.OvaName, sha256, state.Sha256 is not null, volumes);
    }

    private async Task<IReadOnlyList<VerifiedVolume>> VerifyMembersAsync(string file, TaskContext context, CancellationToken cancellationToken)
    {
        var archive = await OvaReader.ReadAsync(file, new OvaReaderOptions { ScratchDirectory = Scratch }, NoProgress, cancellationToken);
        var verified = new List<VerifiedVolume>();
        var done = state.Size;
        foreach (var member in archive.Volumes)
        {
            var recorded = state.Volumes.Find(volume => volume.Name == member.Volume.Href);
            var expected = new RestoreExpectation
            {
                Name = member.Volume.Href,
                Capacity = member.Volume.Capacity,
                StoredSha256 = recorded?.StoredSha256 ?? member.ExpectedSha256,
                VolumeDigest = recorded?.VolumeDigest,
                BlockList = member.BlockList,
            };
            var start = done;
            var volume = await VolumeVerifier.VerifyAsync(
                member.Stored,
                member.IsGzip,
                expected,
                dataPath,
                (bytes, token) => context.ReportAsync(start + bytes, token),
                cancellationToken);
            done += member.Stored.Length;
            verified.Add(new VerifiedVolume(member.Volume.Href, volume.StoredSha256, volume.VolumeDigest));
        }

        return verified;
    }

    internal void RemoveScratch()
    {
        if (Directory.Exists(Scratch))
        {
            Directory.Delete(Scratch, recursive: true);
        }
    }

    private static ValueTask NoProgress(long bytes, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    private sealed record VerifyResult(string OvaName, string Sha256, bool ComparedWithRecord, IReadOnlyList<VerifiedVolume> Volumes);

    private sealed record VerifiedVolume(string Name, string? StoredSha256, string VolumeDigest);
}

/// <summary>Fetches an archive that lies in a bucket only.</summary>
internal delegate Task ArchiveFetch(string file, CancellationToken cancellationToken);
