using Microsoft.EntityFrameworkCore.Query;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql.EntityFrameworkCore.PostgreSQL.Infrastructure.Internal;
using Npgsql.EntityFrameworkCore.PostgreSQL.Query.Internal;

namespace ImageBackup.Core.Persistence.PostgreSql;

#pragma warning disable EF1001 // Npgsql can order null before all values, as SQLite does, but has no public option for it.

/// <summary>Makes statements that order null before all values: <c>NULLS FIRST</c>, and <c>NULLS LAST</c> in descending orders.</summary>
internal sealed class NullsFirst(QuerySqlGeneratorDependencies dependencies, IRelationalTypeMappingSource types, INpgsqlSingletonOptions options) : IQuerySqlGeneratorFactory
{
    public QuerySqlGenerator Create() => new NpgsqlQuerySqlGenerator(dependencies, types, reverseNullOrderingEnabled: true, options.PostgresVersion);
}
