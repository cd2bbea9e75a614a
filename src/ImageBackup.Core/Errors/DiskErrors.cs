using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace ImageBackup.Core.Errors;

/// <summary>Recognizes errors of a disk by the numbers of Linux (errno), SQLite and PostgreSQL.</summary>
public static class DiskErrors
{
    private const int DiskFull = 28; // ENOSPC
    private const int QuotaExceeded = 122; // EDQUOT
    private const int DatabaseFull = 13; // SQLITE_FULL

    /// <summary>Returns true if a disk or a quota is full.</summary>
    public static bool IsFull(Exception exception) => exception switch
    {
        IOException io => (io.HResult & 0xFFFF) is DiskFull or QuotaExceeded,
        SqliteException sqlite => sqlite.SqliteErrorCode == DatabaseFull,
        PostgresException server => server.SqlState == PostgresErrorCodes.DiskFull,
        DbUpdateException { InnerException: SqliteException or PostgresException } => IsFull(exception.InnerException),
        _ => false,
    };
}
