using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace ImageBackup.Core.Persistence;

/// <summary>Gives contexts a <see cref="KeptConnection"/>, and its prepared statements to their queries.</summary>
internal sealed class KeptConnections : DbCommandInterceptor, IDbConnectionInterceptor
{
    /// <summary>Each connection takes up to 2 MiB for pages of the database.</summary>
    private const int Most = 64;

    private int count;

    /// <summary>Counts a connection that stays open. Returns false if there are enough.</summary>
    public bool TryAdd()
    {
        if (Interlocked.Increment(ref count) <= Most)
        {
            return true;
        }

        Remove();
        return false;
    }

    /// <summary>Counts the end of a connection that stayed open.</summary>
    public void Remove() => Interlocked.Decrement(ref count);

    InterceptionResult<DbConnection> IDbConnectionInterceptor.ConnectionCreating(ConnectionCreatingEventData eventData, InterceptionResult<DbConnection> result)
        => InterceptionResult<DbConnection>.SuppressWithResult(new KeptConnection(eventData.ConnectionString!, this));

    public override DbCommand CommandInitialized(CommandEndEventData eventData, DbCommand result)
    {
        if (eventData.CommandSource != CommandSource.LinqQuery || result is not KeptCommand { Connection: KeptConnection connection } command)
        {
            return result;
        }

        command.IsKept = true;
        if (connection.Reuse(command) is not { } kept)
        {
            return command;
        }

        command.IsKept = false;
        command.Dispose();
        return kept;
    }
}
