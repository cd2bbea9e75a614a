using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace ImageBackup.Core.Persistence.PostgreSql;

/// <summary>
/// Lets a run of a log book write only while it has the log book: every transaction first locks the row of the log book with its own worker and fence. A
/// statement without a transaction gets one. So the order of locks is always the same: log book, flow, task, image backup.
/// </summary>
internal sealed class FenceCheck : DbCommandInterceptor, IDbTransactionInterceptor
{
    async ValueTask<DbTransaction> IDbTransactionInterceptor.TransactionStartedAsync(
        DbConnection connection, TransactionEndEventData eventData, DbTransaction result, CancellationToken cancellationToken)
    {
        if (LogBookFence.Current is { } fence)
        {
            await LockAsync(connection, result, fence, cancellationToken);
        }

        return result;
    }

    DbTransaction IDbTransactionInterceptor.TransactionStarted(DbConnection connection, TransactionEndEventData eventData, DbTransaction result)
        => LogBookFence.Current is null ? result : throw new InvalidOperationException("A run of a log book must write asynchronously.");

    public override InterceptionResult<int> NonQueryExecuting(DbCommand command, CommandEventData eventData, InterceptionResult<int> result)
        => LogBookFence.Current is null ? result : throw new InvalidOperationException("A run of a log book must write asynchronously.");

    public override async ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        if (LogBookFence.Current is not { } fence || command.Transaction is not null)
        {
            return result;
        }

        await using var transaction = await command.Connection!.BeginTransactionAsync(cancellationToken);
        await LockAsync(command.Connection, transaction, fence, cancellationToken);
        command.Transaction = transaction;
        var changed = await command.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return InterceptionResult<int>.SuppressWithResult(changed);
    }

    /// <exception cref="OperationCanceledException">Another worker has the log book, or may take it.</exception>
    private static async Task LockAsync(DbConnection connection, DbTransaction transaction, LogBookFence fence, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = """SELECT 1 FROM log_books WHERE "Id" = $1 AND "WorkerId" = $2 AND "Fence" = $3 AND "QueueState" <> 'queued' FOR NO KEY UPDATE""";
        Add(command, fence.BookId);
        Add(command, fence.WorkerId!.Value);
        Add(command, fence.Number);
        if (await command.ExecuteScalarAsync(cancellationToken) is null)
        {
            throw fence.Lose();
        }
    }

    private static void Add(DbCommand command, object value)
    {
        var parameter = command.CreateParameter();
        parameter.Value = value;
        command.Parameters.Add(parameter);
    }
}
