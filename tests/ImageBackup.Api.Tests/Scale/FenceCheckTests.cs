using ImageBackup.Core.Persistence;
using ImageBackup.TestSupport;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace ImageBackup.Api.Tests.Scale;

/// <summary>Every way to write in a run of a log book checks its fence.</summary>
public sealed class FenceCheckTests : IAsyncLifetime
{
    private readonly ServiceFixture service = new();
    private string database = "";

    public async ValueTask InitializeAsync()
    {
        database = await (await PostgresServer.GetAsync()).CreateDatabaseAsync();
        service.Settings["ImageBackup:Database:Provider"] = "PostgreSql";
        service.Settings["ImageBackup:Database:ConnectionString"] = database;
        service.Settings["ImageBackup:Cluster:Secret"] = "a secret of the tests with 32 characters";
    }

    public async ValueTask DisposeAsync()
    {
        await service.StopAsync();
        service.Dispose();
        await (await PostgresServer.GetAsync()).DropAsync(database);
    }

    [Theory]
    [InlineData(7, "written")]
    [InlineData(6, "new")]
    public async Task A_run_writes_only_with_the_fence_of_its_log_book(long fence, string expected)
    {
        var contexts = service.Services.GetRequiredService<IDbContextFactory<ImageBackupDbContext>>();
        await using (var db = await contexts.CreateDbContextAsync())
        {
            var worker = new ServiceRecord { Binary = "cinder-backup", Host = "elsewhere", Incarnation = 1, Version = "", Slots = 1, ReportedAt = DateTime.UtcNow, LeaseEndsAt = DateTime.UtcNow.AddHours(1) };
            db.Services.Add(worker);
            await db.SaveChangesAsync();
            db.LogBooks.Add(new LogBookRecord { Id = "book", BackupId = 1, ProjectId = "p", Action = "delete", QueueState = QueueState.Running, State = "{}", CreatedAt = DateTime.UtcNow, WorkerId = worker.Id, Fence = 7 });
            db.Quotas.Add(new QuotaRecord { ProjectId = "save", Resource = "new", Limit = 1 });
            db.Quotas.Add(new QuotaRecord { ProjectId = "update", Resource = "new", Limit = 1 });
            db.Quotas.Add(new QuotaRecord { ProjectId = "transaction", Resource = "new", Limit = 1 });
            await db.SaveChangesAsync();
        }

        Func<ImageBackupDbContext, Task>[] writes =
        [
            async db =>
            {
                (await db.Quotas.SingleAsync(quota => quota.ProjectId == "save")).Limit = 2;
                await db.SaveChangesAsync();
            },
            db => db.Quotas.Where(quota => quota.ProjectId == "update").ExecuteUpdateAsync(set => set.SetProperty(quota => quota.Limit, 2)),
            async db =>
            {
                await using var transaction = await db.Database.BeginTransactionAsync();
                await db.Quotas.Where(quota => quota.ProjectId == "transaction").ExecuteDeleteAsync();
                await transaction.CommitAsync();
            },
        ];
        foreach (var write in writes)
        {
            var failure = await Record.ExceptionAsync(() => RunAsync(contexts, fence, write));
            Assert.Equal(expected == "new", failure is OperationCanceledException);
        }

        await using var after = await contexts.CreateDbContextAsync();
        var limits = await after.Quotas.Where(quota => quota.Resource == "new").OrderBy(quota => quota.ProjectId).Select(quota => $"{quota.ProjectId} {quota.Limit}").ToListAsync();
        Assert.Equal(expected == "new" ? ["save 1", "transaction 1", "update 1"] : ["save 2", "update 2"], limits);
    }

    private static async Task RunAsync(IDbContextFactory<ImageBackupDbContext> contexts, long number, Func<ImageBackupDbContext, Task> write)
    {
        await using var db = await contexts.CreateDbContextAsync();
        var book = await db.LogBooks.AsNoTracking().SingleAsync(found => found.Id == "book");
        book.Fence = number;
        using var fence = new LogBookFence(book, (_, _) => Task.FromResult(true), [], CancellationToken.None, CancellationToken.None);
        await write(db);
    }
}
