using System.Data.Common;
using ImageBackup.Core.Errors;
using ImageBackup.Core.Settings;
using ImageBackup.Ova.IO;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace ImageBackup.Core.Persistence;

/// <summary>
/// Refuses to use a database whose file was deleted or replaced under the running service. Open connections would go on with the deleted file, and
/// everything they write would be lost.
/// </summary>
internal sealed class DatabaseGuard(DataPaths paths) : DbConnectionInterceptor
{
    private (ulong Device, ulong File)? known;

    /// <summary>Remembers the file. Call it after the database was prepared.</summary>
    public void Remember() => known = NativeFile.IdOf(paths.Database);

    public override InterceptionResult ConnectionOpening(DbConnection connection, ConnectionEventData eventData, InterceptionResult result)
    {
        if (known is { } expected && NativeFile.IdOf(paths.Database) != expected)
        {
            throw new UnavailableException("The service's database was deleted or replaced while the service was running. Put the file back and start the service again.");
        }

        return result;
    }

    public override ValueTask<InterceptionResult> ConnectionOpeningAsync(
        DbConnection connection, ConnectionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default)
        => new(ConnectionOpening(connection, eventData, result));
}
