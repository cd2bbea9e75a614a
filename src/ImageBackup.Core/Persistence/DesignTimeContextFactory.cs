using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace ImageBackup.Core.Persistence;

/// <summary>Lets <c>dotnet ef migrations add</c> work without the host.</summary>
internal sealed class DesignTimeContextFactory : IDesignTimeDbContextFactory<ImageBackupDbContext>
{
    public ImageBackupDbContext CreateDbContext(string[] args)
        => new(new DbContextOptionsBuilder<ImageBackupDbContext>().UseSqlite("Data Source=design.db").Options);
}
