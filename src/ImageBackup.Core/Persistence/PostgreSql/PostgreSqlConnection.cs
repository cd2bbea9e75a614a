using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query;
using Npgsql;

namespace ImageBackup.Core.Persistence.PostgreSql;

/// <summary>How contexts use a PostgreSQL server.</summary>
internal static class PostgreSqlConnection
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    /// <summary>Uses the server of a connection string. In orders, null comes before all values, as in SQLite.</summary>
    public static DbContextOptionsBuilder<PostgreSqlDbContext> Configure(DbContextOptionsBuilder<PostgreSqlDbContext> builder, string connectionString)
    {
        Configure((DbContextOptionsBuilder)builder, connectionString);
        return builder;
    }

    /// <inheritdoc cref="Configure(DbContextOptionsBuilder{PostgreSqlDbContext}, string)"/>
    public static DbContextOptionsBuilder Configure(DbContextOptionsBuilder builder, string connectionString)
        => builder.UseNpgsql(WithLimits(connectionString)).ReplaceService<IQuerySqlGeneratorFactory, NullsFirst>();

    /// <summary>Adds the limit of an idle transaction: a process that was paused in the middle must not hold its locks for longer.</summary>
    private static string WithLimits(string connectionString)
    {
        var parsed = new NpgsqlConnectionStringBuilder(connectionString);
        parsed.Options = $"{parsed.Options} -c idle_in_transaction_session_timeout={(int)LongestPause.TotalMilliseconds}".TrimStart();
        return parsed.ConnectionString;
    }
}
