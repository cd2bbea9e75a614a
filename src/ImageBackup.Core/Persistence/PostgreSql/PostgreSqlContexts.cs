using Microsoft.EntityFrameworkCore;

namespace ImageBackup.Core.Persistence.PostgreSql;

/// <summary>Gives the stores contexts of the PostgreSQL database.</summary>
internal sealed class PostgreSqlContexts(IDbContextFactory<PostgreSqlDbContext> contexts) : IDbContextFactory<ImageBackupDbContext>
{
    public ImageBackupDbContext CreateDbContext() => contexts.CreateDbContext();

    public async Task<ImageBackupDbContext> CreateDbContextAsync(CancellationToken cancellationToken) => await contexts.CreateDbContextAsync(cancellationToken);
}
