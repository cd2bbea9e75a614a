using ImageBackup.Core.Startup;

namespace ImageBackup.Core.Tests.Persistence;

/// <summary>A move to PostgreSQL leaves no table out.</summary>
public sealed class DatabaseMoveTests
{
    [Fact]
    public async Task Every_table_of_SQLite_is_moved()
    {
        await using var db = DatabaseKind.Sqlite.NewContext();

        var moved = DatabaseMove.Tables.Select(table => table(db).ElementType.Name).Order();

        Assert.Equal(db.Model.GetEntityTypes().Select(type => type.ClrType.Name).Order(), moved);
    }
}
