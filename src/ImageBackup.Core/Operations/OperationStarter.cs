using ImageBackup.Core.Access;
using ImageBackup.Core.Backups;
using ImageBackup.Core.Flows;
using ImageBackup.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace ImageBackup.Core.Operations;

/// <summary>Begins the transactions in which planners start operations.</summary>
public sealed class OperationStarter(BackupStore backups, FlowStore flows, FlowActions actions, FlowQueue queue, IdempotencyKeys keys, SpaceReservations space, IDbContextFactory<ImageBackupDbContext> contexts)
{
    /// <param name="action">One of <see cref="BackupActions"/>.</param>
    /// <param name="caller">Whose operation it is.</param>
    /// <param name="key">The key of the request; null for none.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    public async Task<OperationStart> BeginAsync(string action, Caller caller, IdempotencyKey? key, CancellationToken cancellationToken)
    {
        var db = await contexts.CreateDbContextAsync(cancellationToken);
        var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        return new OperationStart(action, caller, key, db, transaction, backups, flows, actions, queue, keys, space);
    }
}
