using ImageBackup.Core.Backups;
using ImageBackup.Core.Flows;

namespace ImageBackup.Core.Operations.Export;

/// <summary>Completes the archive, which has all volumes: adds block lists, manifest and descriptor, and gives it its name.</summary>
internal sealed class CreateOvaTask(ExportState state, ExportArchive archive) : FlowTask
{
    public override string Name => BackupNames.CreateOva(state.BackupId);

    // The archive's name tells that it is complete.
    public override bool MayRunAgain => true;

    public override async Task<object?> ExecuteAsync(TaskContext context, CancellationToken cancellationToken)
    {
        await archive.FinishAsync(context.SetTotal, context.ReportAsync, cancellationToken);
        return null;
    }

    public override async Task RevertAsync(CancellationToken cancellationToken)
    {
        await archive.RemoveAsync(cancellationToken);
        state.Ova = null;
    }
}
