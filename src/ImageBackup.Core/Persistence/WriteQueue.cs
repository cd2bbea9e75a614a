using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace ImageBackup.Core.Persistence;

/// <summary>
/// Lets one connection write at a time, first come, first served, because SQLite has one writer and lets others poll for it. A commit is on the disk before
/// the writer continues. Writers do not wait for the flushes of others.
/// </summary>
internal sealed class WriteQueue(CommitFlush flush) : IDbTransactionInterceptor, IDbCommandInterceptor, IDbConnectionInterceptor, ISaveChangesInterceptor, IDisposable
{
    private readonly SemaphoreSlim turn = new(1);
    private DbConnection? writer;

    public void Dispose() => turn.Dispose();

    /// <summary>Puts every change into a transaction, so that the same rules hold for it.</summary>
    ValueTask<InterceptionResult<int>> ISaveChangesInterceptor.SavingChangesAsync(DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken)
    {
        eventData.Context!.Database.AutoTransactionBehavior = AutoTransactionBehavior.Always;
        return ValueTask.FromResult(result);
    }

    InterceptionResult<int> ISaveChangesInterceptor.SavingChanges(DbContextEventData eventData, InterceptionResult<int> result) => throw Synchronous();

    async ValueTask<InterceptionResult<DbTransaction>> IDbTransactionInterceptor.TransactionStartingAsync(
        DbConnection connection, TransactionStartingEventData eventData, InterceptionResult<DbTransaction> result, CancellationToken cancellationToken)
    {
        await EnterAsync(connection, cancellationToken);
        return result;
    }

    InterceptionResult<DbTransaction> IDbTransactionInterceptor.TransactionStarting(DbConnection connection, TransactionStartingEventData eventData, InterceptionResult<DbTransaction> result)
        => throw Synchronous();

    async Task IDbTransactionInterceptor.TransactionCommittedAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken)
    {
        Leave(eventData.Context!.Database.GetDbConnection());
        await flush.FlushAsync();
    }

    async ValueTask<InterceptionResult<int>> IDbCommandInterceptor.NonQueryExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken)
    {
        if (command.Transaction is null)
        {
            await EnterAsync(command.Connection!, cancellationToken);
        }

        return result;
    }

    /// <summary>Accepts EF Core's own synchronous statement, which creates the database.</summary>
    InterceptionResult<int> IDbCommandInterceptor.NonQueryExecuting(DbCommand command, CommandEventData eventData, InterceptionResult<int> result)
        => eventData.CommandSource == CommandSource.Migrations ? result : throw Synchronous();

    async ValueTask<int> IDbCommandInterceptor.NonQueryExecutedAsync(DbCommand command, CommandExecutedEventData eventData, int result, CancellationToken cancellationToken)
    {
        if (command.Transaction is null)
        {
            Leave(command.Connection!);
            await flush.FlushAsync();
        }

        return result;
    }

    /// <summary>Ends the turn of a writer that failed or did not commit. EF Core closes its connection.</summary>
    Task IDbConnectionInterceptor.ConnectionClosedAsync(DbConnection connection, ConnectionEndEventData eventData)
    {
        Leave(connection);
        return Task.CompletedTask;
    }

    void IDbConnectionInterceptor.ConnectionClosed(DbConnection connection, ConnectionEndEventData eventData) => Leave(connection);

    private async Task EnterAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken);
        Volatile.Write(ref writer, connection);
    }

    private void Leave(DbConnection connection)
    {
        if (Interlocked.CompareExchange(ref writer, null, connection) == connection)
        {
            turn.Release();
        }
    }

    private static NotSupportedException Synchronous() => new("A writer waits for its turn; use the asynchronous method.");
}
