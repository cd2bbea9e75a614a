using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query;

namespace ImageBackup.Core.Persistence.PostgreSql;

/// <summary>How contexts use a PostgreSQL server.</summary>
internal static class PostgreSqlConnection
{
    /// <summary>Uses the server of a connection string. In orders, null comes before all values, as in SQLite.</summary>
    public static DbContextOptionsBuilder<PostgreSqlDbContext> Configure(DbContextOptionsBuilder<PostgreSqlDbContext> builder, string connectionString)
    {
        Configure((DbContextOptionsBuilder)builder, connectionString);
        return builder;
    }

    /// <inheritdoc cref="Configure(DbContextOptionsBuilder{PostgreSqlDbContext}, string)"/>
    public static DbContextOptionsBuilder Configure(DbContextOptionsBuilder builder, string connectionString)
        => builder.UseNpgsql(connectionString).ReplaceService<IQuerySqlGeneratorFactory, NullsFirst>();
}
