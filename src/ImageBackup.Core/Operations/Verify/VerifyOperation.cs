using ImageBackup.Core.Backups;
using ImageBackup.Core.Buckets;
using ImageBackup.Core.Flows;
using ImageBackup.Core.ObjectStorage;
using ImageBackup.Core.Persistence;
using ImageBackup.Core.Settings;

namespace ImageBackup.Core.Operations.Verify;

/// <summary>A verification. VerifyFlow: (1) hash the archive and its volumes again, without restoring them.</summary>
internal sealed class VerifyOperation(VerifyState state, DataPaths paths, BackupStore backups, BucketResolver buckets, ObjectTransfer transfer, ArchiveMembers members) : FlowOperation<VerifyState>(state)
{
    public override OperationFigures Figures => new(State.OvaName, null, State.Size);

    public override IReadOnlyList<Flow> Flows => [new(BackupNames.VerifyFlow, 1, Phase, () => new([new VerifyOvaTask(State, paths, backups, buckets, transfer, members)]))];

    public override IReadOnlyList<SpaceNeed> Space => State.Download is { } download ? [download.Space(paths)] : [];

    /// <summary>Only a damaged archive is an error. An archive that could not be read to its end keeps its status.</summary>
    private FlowPhase Phase => new(BackupStatus.ExtractingOva, State.IsDamaged ? BackupStatus.Error : null);
}
