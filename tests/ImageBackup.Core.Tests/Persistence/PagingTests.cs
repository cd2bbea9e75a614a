using ImageBackup.Core.Persistence;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace ImageBackup.Core.Tests.Persistence;

/// <summary>Pages of a table with ties and nulls in every column, compared with the whole list in the same order.</summary>
public sealed class PagingTests : IAsyncLifetime
{
    private static readonly SortKeys<ImageRecord> Images = new(image => image.Id)
    {
        Name = image => image.Name,
        ["name"] = image => image.Name,
        ["size"] = image => image.Size,
        ["protected"] = image => image.IsProtected,
        ["created_at"] = image => image.CreatedAt,
    };

    private static readonly SortKeys<BackupRecord> Backups = new(backup => backup.Id)
    {
        ["status"] = backup => backup.Status,
        ["updated_at"] = backup => backup.UpdatedAt,
        ["created_at"] = backup => backup.CreatedAt,
    };

    private readonly SqliteConnection connection = new("Data Source=:memory:");

    public async ValueTask InitializeAsync()
    {
        await connection.OpenAsync();
        await using var db = Open();
        await db.Database.MigrateAsync();
        var random = new Random(7);
        var start = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        for (var i = 0; i < 60; i++)
        {
            db.Images.Add(new ImageRecord
            {
                Id = $"{random.Next():x8}-{i}",
                Owner = "p",
                Name = random.Next(4) is > 0 and var name ? $"name {name}" : null,
                Size = random.Next(4) is > 0 and var size ? size : null,
                Status = "active",
                Visibility = "private",
                IsProtected = random.Next(2) == 0,
                CreatedAt = start.AddMilliseconds(random.Next(8) * 100),
                UpdatedAt = start,
            });
            db.Backups.Add(new BackupRecord
            {
                ProjectId = "p",
                UserId = "u",
                Name = "n",
                BackupHost = "local",
                Status = (BackupStatus)random.Next(Enum.GetValues<BackupStatus>().Length),
                CreatedAt = start,
                UpdatedAt = random.Next(4) is > 0 and var hours ? start.AddHours(hours) : null,
            });
        }

        await db.SaveChangesAsync();
    }

    public async ValueTask DisposeAsync() => await connection.DisposeAsync();

    [Theory]
    [InlineData("")]
    [InlineData("name")]
    [InlineData("-name")]
    [InlineData("size")]
    [InlineData("-size")]
    [InlineData("protected")]
    [InlineData("-protected,name")]
    [InlineData("name,-size,created_at")]
    [InlineData("-created_at,-protected,size")]
    public async Task Pages_of_images_put_together_are_the_list(string sort)
    {
        await using var db = Open();
        await AssertPagesAsync(db.Images.AsNoTracking(), Images, sort, image => image.Id);
    }

    [Theory]
    [InlineData("status")]
    [InlineData("-status")]
    [InlineData("updated_at")]
    [InlineData("-updated_at,status")]
    public async Task Pages_of_image_backups_put_together_are_the_list(string sort)
    {
        await using var db = Open();
        await AssertPagesAsync(db.Backups.AsNoTracking(), Backups, sort, backup => $"{backup.Id}");
    }

    [Theory]
    [InlineData("", "E 2")]
    [InlineData("-name", "name 3")]
    [InlineData("size", "1")]
    [InlineData("-size", "nobody")]
    [InlineData("-protected,name", "name")]
    [InlineData("name,-size,created_at", "me 1")]
    public async Task Pages_of_a_search_put_together_are_the_matches_in_order(string sort, string part)
    {
        await using var db = Open();
        List<SortField> fields = [.. sort.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(field => new SortField(field.TrimStart('-'), field.StartsWith('-')))];
        var all = await db.Images.AsNoTracking().ToPageAsync(new PageRequest { Sort = fields }, Images, default);
        var expected = all.Items.Where(image => image.Name?.Contains(part, StringComparison.OrdinalIgnoreCase) == true).Select(image => image.Id).ToList();
        foreach (var (limit, mostSearched) in new[] { (5, 1000), (5, 7), (3, 1), (100, 60), (100, 59) })
        {
            var found = new List<string>();
            Page<ImageRecord>? page = null;
            do
            {
                page = await db.Images.AsNoTracking().ToPageAsync(new PageRequest { Sort = fields, NamePart = part, Limit = limit, Marker = page?.Last?.Id }, Images, mostSearched, default);
                found.AddRange(page.Items.Select(image => image.Id));
            }
            while (page.Last is not null);

            Assert.Equal(expected, found);
        }
    }

    [Fact]
    public async Task A_search_counts_its_matches_unless_it_would_read_too_many_rows()
    {
        await using var db = Open();
        var request = new PageRequest { NamePart = "name 1", WithCount = true, Limit = 1 };
        var expected = await db.Images.CountAsync(image => image.Name == "name 1");

        Assert.Equal(expected, (await db.Images.ToPageAsync(request, Images, 60, default)).Count);
        Assert.Null((await db.Images.ToPageAsync(request, Images, 59, default)).Count);
    }

    private static async Task AssertPagesAsync<T>(IQueryable<T> rows, SortKeys<T> keys, string sort, Func<T, string> id)
        where T : class
    {
        List<SortField> fields = [.. sort.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(field => new SortField(field.TrimStart('-'), field.StartsWith('-')))];
        var all = await rows.ToPageAsync(new PageRequest { Sort = fields }, keys, default);
        var ids = all.Items.Select(id).ToList();
        Assert.Equal(60, ids.Distinct().Count());
        Assert.True(IsSorted(all.Items, keys, fields));
        for (var marker = 0; marker < ids.Count; marker++)
        {
            var page = await rows.ToPageAsync(new PageRequest { Sort = fields, Marker = ids[marker], Limit = 7, Offset = marker % 3 }, keys, default);
            Assert.Equal(ids.Skip(marker + 1 + (marker % 3)).Take(7), page.Items.Select(id));
            Assert.Equal(marker + 1 + (marker % 3) + 7 < ids.Count, page.Last is not null);
        }
    }

    private static bool IsSorted<T>(IReadOnlyList<T> items, SortKeys<T> keys, List<SortField> fields)
    {
        var (name, descending) = fields.Count > 0 ? (fields[0].Name, fields[0].Descending) : ("created_at", true);
        var read = keys[name].Compile();
        var values = items.Select(item => read(item) is Enum word ? word.ToString() : read(item)).ToList();
        return values.Zip(values.Skip(1)).All(pair => Comparer<object?>.Default.Compare(pair.First, pair.Second) is var order && (descending ? order >= 0 : order <= 0));
    }

    private ImageBackupDbContext Open() => new(new DbContextOptionsBuilder<ImageBackupDbContext>().UseSqlite(connection).Options);
}
