using ImageBackup.TestSupport;
using Microsoft.Data.Sqlite;

namespace ImageBackup.Api.Tests.Startup;

/// <summary>A start that is killed never keeps the next one from starting.</summary>
public sealed class KilledStartTests : IDisposable
{
    private const int Kills = 10;
    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(1.5);

    private readonly TemporaryDirectory directory = new();
    private readonly Random random = new();

    private string Data => Path.Combine(directory.Path, "data");

    [Fact]
    public async Task A_kill_at_a_random_moment_of_the_start_leaves_a_directory_that_starts()
    {
        for (var kill = 0; kill < Kills; kill++)
        {
            using var service = ServiceProcess.Launch(Data);
            await Task.Delay(LongestStart * random.NextDouble());
            await service.KillAsync();
        }

        await AssertStartsAsync();
    }

    [Fact]
    public async Task A_kill_while_the_database_is_created_leaves_a_directory_that_starts()
    {
        for (var kill = 0; kill < Kills; kill++)
        {
            if (Directory.Exists(Data))
            {
                Directory.Delete(Data, recursive: true);
            }

            using var service = ServiceProcess.Launch(Data);
            await Polling.UntilAsync("the database file", () => Task.FromResult(File.Exists(Path.Combine(Data, "imagebackup.db"))));
            await Task.Delay(random.Next(150));
            await service.KillAsync();
        }

        await AssertStartsAsync();
    }

    [Fact]
    public async Task The_lock_row_that_a_killed_migration_leaves_is_removed()
    {
        Directory.CreateDirectory(Data);
        await using (var connection = new SqliteConnection($"Data Source={Path.Combine(Data, "imagebackup.db")};Pooling=false"))
        {
            await connection.OpenAsync();
            await using var command = connection.CreateCommand();
            command.CommandText = """
                CREATE TABLE "__EFMigrationsLock" ("Id" INTEGER NOT NULL CONSTRAINT "PK___EFMigrationsLock" PRIMARY KEY, "Timestamp" TEXT NOT NULL);
                INSERT INTO "__EFMigrationsLock" VALUES (1, '2026-11-23 16:16:28+00:00');
                """;
            await command.ExecuteNonQueryAsync();
        }

        await AssertStartsAsync();
    }

    public void Dispose() => directory.Dispose();

    private async Task AssertStartsAsync()
    {
        using var service = await ServiceProcess.StartAsync(Data);

        var images = await service.Client.GetStringAsync(new Uri("/v2/images", UriKind.Relative));
        Assert.Contains("demo-aix", images, StringComparison.Ordinal);
    }
}
