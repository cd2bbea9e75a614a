using System.Data;
using System.Data.Common;
using ImageBackup.Core.Persistence;
using ImageBackup.TestSupport;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace ImageBackup.Core.Tests.Persistence;

/// <summary>Connections and statements that contexts use again.</summary>
public sealed class KeptConnectionTests : IAsyncLifetime
{
    private readonly TemporaryDirectory directory = new();
    private readonly Commands commands = new();
    private readonly PooledDbContextFactory<ImageBackupDbContext> contexts;

    public KeptConnectionTests()
    {
        var options = new DbContextOptionsBuilder<ImageBackupDbContext>().UseSqlite($"Data Source={File};Pooling=False").AddInterceptors(new KeptConnections(), commands).Options;
        contexts = new PooledDbContextFactory<ImageBackupDbContext>(options);
    }

    private string File => Path.Combine(directory.Path, "test.db");

    public async ValueTask InitializeAsync()
    {
        await using var db = contexts.CreateDbContext();
        await db.Database.EnsureCreatedAsync();
        await db.Database.ExecuteSqlRawAsync("PRAGMA journal_mode = WAL;");
        db.IdempotencyKeys.AddRange(Key("a"), Key("b"));
        await db.SaveChangesAsync();
        commands.Seen.Clear();
    }

    public ValueTask DisposeAsync()
    {
        directory.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_query_uses_the_statement_of_the_query_before_it_with_its_own_values()
    {
        var first = await FindAsync("a");
        var second = await FindAsync("b");

        Assert.Equal(("a", "b"), (first, second));
        Assert.Same(commands.Seen[0], commands.Seen[1]);
    }

    [Fact]
    public async Task The_connection_is_closed_for_the_context_and_open_to_the_file()
    {
        await using var db = contexts.CreateDbContext();
        var connection = (SqliteConnection)db.Database.GetDbConnection();
        await connection.OpenAsync();
        var handle = connection.Handle;

        await connection.CloseAsync();

        Assert.Equal(ConnectionState.Closed, connection.State);
        Assert.False(handle!.IsClosed);
        await connection.OpenAsync();
        Assert.Same(handle, connection.Handle);
    }

    [Fact]
    public async Task Two_readers_of_the_same_query_read_their_own_rows()
    {
        await using var db = contexts.CreateDbContext();
        await FindAsync("a");
        var pairs = new List<string>();

        foreach (var outer in db.IdempotencyKeys.AsNoTracking().OrderBy(key => key.Key))
        {
            pairs.AddRange(db.IdempotencyKeys.AsNoTracking().OrderBy(key => key.Key).AsEnumerable().Select(inner => outer.Key + inner.Key));
        }

        Assert.Equal(["aa", "ab", "ba", "bb"], pairs);
    }

    [Fact]
    public async Task An_unfinished_reader_does_not_hold_an_old_state_of_the_database()
    {
        await using var db = contexts.CreateDbContext();
        foreach (var first in db.IdempotencyKeys.AsNoTracking())
        {
            Assert.NotNull(first);
            break;
        }

        await using var other = await OpenAsync();
        await WriteAsync(other, "UPDATE idempotency_keys SET BackupId = 7");

        Assert.Equal(0, await CheckpointAsync(other));
        Assert.Equal([7, 7], await db.IdempotencyKeys.Select(key => key.BackupId).ToListAsync());
    }

    [Fact]
    public async Task A_statement_survives_a_change_of_the_schema()
    {
        await FindAsync("a");
        await using (var other = await OpenAsync())
        {
            await WriteAsync(other, "ALTER TABLE idempotency_keys ADD COLUMN Later TEXT");
        }

        Assert.Equal("b", await FindAsync("b"));
    }

    [Fact]
    public async Task Of_many_connections_64_stay_open()
    {
        var handles = new List<SQLitePCL.sqlite3>();
        var many = Enumerable.Range(0, 70).Select(_ => contexts.CreateDbContext()).ToList();
        foreach (var db in many)
        {
            await db.Database.OpenConnectionAsync();
            await db.IdempotencyKeys.AsNoTracking().ToListAsync();
            handles.Add(((SqliteConnection)db.Database.GetDbConnection()).Handle!);
        }

        foreach (var db in many)
        {
            await db.DisposeAsync();
        }

        Assert.Equal(64, handles.Count(handle => !handle.IsClosed));
    }

    private static IdempotencyRecord Key(string key) => new() { ProjectId = "p", Key = key, RequestHash = "", BackupId = 1, TaskId = "t", CreatedAt = DateTime.UnixEpoch };

    private async Task<string> FindAsync(string name)
    {
        await using var db = contexts.CreateDbContext();
        return await db.IdempotencyKeys.Where(key => key.Key == name).Select(key => key.Key).SingleAsync();
    }

    private async Task<SqliteConnection> OpenAsync()
    {
        var connection = new SqliteConnection($"Data Source={File};Pooling=False");
        await connection.OpenAsync();
        return connection;
    }

    private static async Task WriteAsync(SqliteConnection connection, string statement)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = statement;
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Returns 0 if the whole log could be moved into the database, because no reader needs it.</summary>
    private static async Task<long> CheckpointAsync(SqliteConnection connection)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA wal_checkpoint(TRUNCATE)";
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private sealed class Commands : DbCommandInterceptor
    {
        public List<DbCommand> Seen { get; } = [];

        public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
        {
            Seen.Add(command);
            return new(result);
        }
    }
}
