using ImageBackup.Core.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace ImageBackup.Core.Tests.Persistence;

/// <summary>The migrations, which the service applies at its start.</summary>
public sealed class MigrationTests
{
    public static TheoryData<DatabaseKind> Kinds => [DatabaseKind.Sqlite, DatabaseKind.PostgreSql];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task The_migrations_match_the_model(DatabaseKind kind)
    {
        await using var db = kind.NewContext();

        Assert.False(db.Database.HasPendingModelChanges(), "The model has changed. Run: src/ImageBackup.Core/Persistence/update-model.sh NAME");
    }

    [Fact]
    public async Task Images_of_earlier_releases_get_an_endianness()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var db = new ImageBackupDbContext(new DbContextOptionsBuilder<ImageBackupDbContext>().UseSqlite("Data Source=:memory:").Options);
        await db.Database.OpenConnectionAsync(cancellationToken);
        await db.GetService<IMigrator>().MigrateAsync("Indexes", cancellationToken);
        await db.Database.ExecuteSqlRawAsync(
            """
            INSERT INTO images (Id, Owner, Status, Visibility, MinDisk, MinRam, IsProtected, IsHidden, Tags, Properties, CreatedAt, UpdatedAt)
            SELECT value, 'p', 'active', 'private', 0, 0, 0, 0, '[]', json_object('architecture', value, 'os_distro', 'rhel'), '2026-01-01', '2026-01-01' FROM json_each('["ppc64", "ppc64le"]');
            INSERT INTO image_properties (ImageId, Name, Value) SELECT Id, 'architecture', Id FROM images;
            """,
            cancellationToken);

        await db.Database.MigrateAsync(cancellationToken);

        var images = await db.Images.ToDictionaryAsync(image => image.Id, image => image.Properties, cancellationToken);
        Assert.Equal(new() { ["architecture"] = "ppc64", ["os_distro"] = "rhel" }, images["ppc64"]);
        Assert.Equal(new() { ["architecture"] = "ppc64", ["endianness"] = "little-endian", ["os_distro"] = "rhel" }, images["ppc64le"]);
        var indexed = await db.ImageProperties.Where(row => row.ImageId == "ppc64le").OrderBy(row => row.Name).Select(row => $"{row.Name} {row.Value}").ToListAsync(cancellationToken);
        Assert.Equal(["architecture ppc64", "endianness little-endian"], indexed);
    }
}
