using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace ImageBackup.Core.Persistence.PostgreSql;

/// <summary>Adds <c>FOR UPDATE SKIP LOCKED</c> to the queries with the tag <see cref="ImageBackupDbContext.SkipLocked"/>.</summary>
internal sealed class RowLocks : DbCommandInterceptor
{
    private const string Comment = "-- " + ImageBackupDbContext.SkipLocked;

    public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
    {
        if (command.CommandText.StartsWith(Comment, StringComparison.Ordinal))
        {
            command.CommandText += $"\n{ImageBackupDbContext.SkipLocked}";
        }

        return ValueTask.FromResult(result);
    }
}
