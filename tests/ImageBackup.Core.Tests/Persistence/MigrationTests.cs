using ImageBackup.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace ImageBackup.Core.Tests.Persistence;

/// <summary>The service does not check this at its start.</summary>
public sealed class MigrationTests
{
    [Fact]
    public async Task The_migrations_match_the_model()
    {
        await using var db = new ImageBackupDbContext(new DbContextOptionsBuilder<ImageBackupDbContext>().UseSqlite("Data Source=:memory:").Options);

        Assert.False(db.Database.HasPendingModelChanges(), "The model has changed: dotnet tool restore, then dotnet ef migrations add NAME in src/ImageBackup.Core.");
    }
}
