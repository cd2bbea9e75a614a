using ImageBackup.Core.Persistence;
using ImageBackup.Core.Settings;
using ImageBackup.TestSupport;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace ImageBackup.Core.Tests.Persistence;

/// <summary>The order of writers and the end of a writer's turn.</summary>
public sealed class WriteQueueTests : IAsyncLifetime
{
    private readonly TemporaryDirectory directory = new();
    private readonly CommitFlush flush;
    private readonly WriteQueue queue;
    private readonly DbContextOptions<ImageBackupDbContext> options;

    public WriteQueueTests()
    {
        var paths = new DataPaths(Options.Create(new ImageBackupOptions { DataDirectory = directory.Path }));
        flush = new CommitFlush(paths);
        queue = new WriteQueue(flush);
        options = new DbContextOptionsBuilder<ImageBackupDbContext>().UseSqlite($"Data Source={paths.Database};Pooling=False").AddInterceptors(new KeptConnections(), queue).Options;
    }

    public async ValueTask InitializeAsync()
    {
        await using var db = Open();
        await db.Database.EnsureCreatedAsync();
        await db.Database.ExecuteSqlRawAsync("PRAGMA journal_mode = WAL;");
    }

    public ValueTask DisposeAsync()
    {
        queue.Dispose();
        flush.Dispose();
        directory.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Writers_have_their_turn_in_the_order_in_which_they_came()
    {
        var order = new List<int>();
        var first = Open();
        var held = await first.Database.BeginTransactionAsync();
        var waiting = Enumerable.Range(0, 20).Select(WriteAsync).ToList();

        await held.CommitAsync();
        await first.DisposeAsync();
        await Task.WhenAll(waiting);

        Assert.Equal(Enumerable.Range(0, 20), order);

        async Task WriteAsync(int number)
        {
            await using var db = Open();
            await using var transaction = await db.Database.BeginTransactionAsync();
            order.Add(number);
            db.IdempotencyKeys.Add(Key($"{number}"));
            await db.SaveChangesAsync();
            await transaction.CommitAsync();
        }
    }

    [Fact]
    public async Task A_transaction_without_a_commit_ends_its_turn()
    {
        await using (var abandoned = Open())
        {
            await using var transaction = await abandoned.Database.BeginTransactionAsync();
            abandoned.IdempotencyKeys.Add(Key("abandoned"));
            await abandoned.SaveChangesAsync();
        }

        await AddAsync("next");

        Assert.Equal(["next"], await KeysAsync());
    }

    [Fact]
    public async Task A_refused_change_ends_its_turn()
    {
        await AddAsync("twice");
        await Assert.ThrowsAsync<DbUpdateException>(() => AddAsync("twice"));

        await AddAsync("next");

        Assert.Equal(["next", "twice"], await KeysAsync());
    }

    [Fact]
    public async Task A_refused_statement_ends_its_turn()
    {
        await using (var db = Open())
        {
            await Assert.ThrowsAnyAsync<Exception>(() => db.Database.ExecuteSqlRawAsync("DELETE FROM missing"));
        }

        await AddAsync("next");

        Assert.Equal(["next"], await KeysAsync());
    }

    [Fact]
    public async Task A_writer_that_stops_waiting_keeps_nobody_out()
    {
        await using var first = Open();
        await using var held = await first.Database.BeginTransactionAsync();
        await using var impatient = Open();
        using var stop = new CancellationTokenSource();
        var waiting = impatient.Database.BeginTransactionAsync(stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);

        await held.CommitAsync();
        await AddAsync("next");

        Assert.Equal(["next"], await KeysAsync());
    }

    [Fact]
    public async Task A_reader_does_not_wait_for_a_writer()
    {
        await AddAsync("before");
        await using var writer = Open();
        await using var transaction = await writer.Database.BeginTransactionAsync();
        writer.IdempotencyKeys.Add(Key("uncommitted"));
        await writer.SaveChangesAsync();

        Assert.Equal(["before"], await KeysAsync());
    }

    [Fact]
    public async Task Commits_are_flushed_also_after_the_log_file_has_gone()
    {
        await AddAsync("one");
        await using (var db = Open())
        {
            await db.Database.ExecuteSqlRawAsync("PRAGMA journal_mode = DELETE;");
        }

        await AddAsync("two");

        Assert.Equal(["one", "two"], await KeysAsync());
    }

    private ImageBackupDbContext Open() => new(options);

    private async Task AddAsync(string key)
    {
        await using var db = Open();
        db.IdempotencyKeys.Add(Key(key));
        await db.SaveChangesAsync();
    }

    private async Task<List<string>> KeysAsync()
    {
        await using var db = Open();
        return await db.IdempotencyKeys.Select(key => key.Key).OrderBy(key => key).ToListAsync();
    }

    private static IdempotencyRecord Key(string key)
        => new() { ProjectId = "project", Key = key, RequestHash = "", BackupId = 1, TaskId = "", CreatedAt = DateTime.UnixEpoch };
}
