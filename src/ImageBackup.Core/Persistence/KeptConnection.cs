using System.Data;
using Microsoft.Data.Sqlite;

namespace ImageBackup.Core.Persistence;

/// <summary>
/// A connection that stays open between the queries of a pooled context, and keeps the statements that it has prepared. Opening a connection and preparing a
/// statement would cost more than a look-up. If many connections are open already, the end of a unit of work closes it.
/// </summary>
internal sealed class KeptConnection(string connectionString, KeptConnections connections) : SqliteConnection(connectionString)
{
    /// <summary>Options that SQLite keeps per connection: a wait for other programs, foreign keys, and commits that <see cref="CommitFlush"/> flushes.</summary>
    private const string Pragmas = "PRAGMA busy_timeout = 15000; PRAGMA foreign_keys = ON; PRAGMA synchronous = NORMAL;";

    /// <summary>Each statement takes some KiB. A context uses few of them often.</summary>
    private const int MostStatements = 32;

    /// <summary>Commands that no query uses, by their text.</summary>
    private readonly Dictionary<string, KeptCommand> idle = new(StringComparer.Ordinal);
    private bool isInUse;
    private bool staysOpen;

    /// <summary>Closed between units of work, so that EF Core's interceptors see the begin and the end of each one.</summary>
    public override ConnectionState State => isInUse ? base.State : ConnectionState.Closed;

    public override void Open()
    {
        if (base.State == ConnectionState.Open)
        {
            isInUse = true;
            return;
        }

        base.Open();
        isInUse = true;
        staysOpen = connections.TryAdd();
        using var command = new SqliteCommand(Pragmas, this);
        command.ExecuteNonQuery();
    }

    /// <summary>Ends the unit of work.</summary>
    public override void Close()
    {
        if (staysOpen)
        {
            Transaction?.Dispose();
        }
        else
        {
            base.Close();
        }

        isInUse = false;
    }

    public override SqliteCommand CreateCommand() => new KeptCommand
    {
        Connection = this,
        CommandTimeout = DefaultTimeout,
        Transaction = Transaction,
    };

    /// <summary>Returns an idle command of the same text with the parameters of a new one; null if there is none.</summary>
    public KeptCommand? Reuse(KeptCommand command)
    {
        if (!idle.Remove(command.CommandText, out var kept))
        {
            return null;
        }

        foreach (SqliteParameter parameter in command.Parameters)
        {
            kept.Parameters.Add(parameter);
        }

        kept.Transaction = command.Transaction;
        kept.CommandTimeout = command.CommandTimeout;
        return kept;
    }

    /// <summary>Keeps a command for the next one of the same text. Returns false if the connection closes or has enough statements.</summary>
    public bool Keep(KeptCommand command)
    {
        if (!staysOpen || idle.Count >= MostStatements)
        {
            return false;
        }

        command.Parameters.Clear();
        return idle.TryAdd(command.CommandText, command);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && staysOpen)
        {
            connections.Remove();
            staysOpen = false;

            // The base class closes what is in use, and with it the statements.
            isInUse = true;
        }

        base.Dispose(disposing);
    }
}
