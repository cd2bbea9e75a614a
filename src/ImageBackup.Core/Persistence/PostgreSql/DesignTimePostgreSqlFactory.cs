using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace ImageBackup.Core.Persistence.PostgreSql;

/// <summary>Lets <c>dotnet ef migrations add</c> work without the host.</summary>
internal sealed class DesignTimePostgreSqlFactory : IDesignTimeDbContextFactory<PostgreSqlDbContext>
{
    public PostgreSqlDbContext CreateDbContext(string[] args)
        => new(PostgreSqlConnection.Configure(new DbContextOptionsBuilder<PostgreSqlDbContext>(), "Host=design;Database=design").Options);
}
