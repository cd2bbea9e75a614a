using System.Net;
using ImageBackup.Client;
using ImageBackup.TestSupport;

namespace ImageBackup.Api.Tests.Client;

/// <summary>The client library against the real service: lists with filters, history, retries, health, archives, events.</summary>
public sealed class FleetClientTests(FleetClientTests.Service service) : IClassFixture<FleetClientTests.Service>, IDisposable
{
    private readonly ImageBackupClient client = new(new CloudSettings { Endpoint = service.BaseAddress });

    public void Dispose() => client.Dispose();

    [Fact]
    public async Task A_failed_operation_is_retried_and_stays_in_the_history()
    {
        service.Fail("create_ova_*", 0);
        var failed = await EndAsync(await ExportAsync("retried"));

        var started = await client.RetryAsync(failed.Id, CancellationToken.None);

        Assert.Equal("error", failed.Status);
        Assert.Equal("available", (await EndAsync(started)).Status);
        var history = await client.ListOperationsAsync(failed.Id, CancellationToken.None).ToListAsync(CancellationToken.None);
        Assert.Equal([("export", "succeeded"), ("export", "failed")], history.Select(operation => (operation.Action, operation.State)));
        Assert.Contains(FlowFaults.Message, history[1].FailReason, StringComparison.Ordinal);
        var refusal = await Assert.ThrowsAsync<ImageBackupException>(() => client.RetryAsync(failed.Id, CancellationToken.None));
        Assert.Equal(HttpStatusCode.BadRequest, refusal.Status);
    }

    [Fact]
    public async Task Lists_are_filtered_and_sorted()
    {
        await EndAsync(await ExportAsync("list-b"));
        await EndAsync(await ExportAsync("list-a"));
        var all = new BackupFilter { NamePart = "LIST-", Statuses = ["available", "error"], BackupHost = "local", ImageName = "GOLDEN", OsType = "Aix", CreatedFrom = DateTimeOffset.UtcNow.AddHours(-1), Sort = "name:asc" };

        Assert.Equal(["list-a", "list-b"], await NamesAsync(all));
        Assert.Equal(["list-b"], await NamesAsync(all with { Name = "list-b" }));
        Assert.Empty(await NamesAsync(all with { CreatedBefore = DateTimeOffset.UtcNow.AddHours(-1) }));
        Assert.Empty(await NamesAsync(all with { CosBucket = "elsewhere" }));
        Assert.Empty(await NamesAsync(all with { SrcImageId = "elsewhere" }));
    }

    [Fact]
    public async Task Nodes_show_their_health_and_their_archives()
    {
        var backup = await EndAsync(await ExportAsync("on-node"));
        var node = Assert.Single(await client.ListNodesAsync(CancellationToken.None).ToListAsync(CancellationToken.None));

        var health = await client.GetNodeHealthAsync(node.BackupNodeId, CancellationToken.None);
        var archives = await client.ListNodeArchivesAsync(node.BackupNodeId, onlyUnrecorded: false, CancellationToken.None).ToListAsync(CancellationToken.None);

        Assert.True(health.IsUp);
        Assert.InRange(health.FreeBytes!.Value, 1, health.TotalBytes!.Value);
        Assert.Equal((backup.Id, backup.OvaSize), archives.Where(archive => archive.OvaName == backup.OvaName).Select(archive => (archive.ImageBackupId, (long?)archive.Size)).Single());
        Assert.Empty(await client.ListNodeArchivesAsync(node.BackupNodeId, onlyUnrecorded: true, CancellationToken.None).ToListAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Events_tell_the_operations_and_the_changes()
    {
        using var ending = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        await using var events = client.ListenAsync(ending.Token).GetAsyncEnumerator(ending.Token);
        Assert.True(await events.MoveNextAsync());
        Assert.IsType<OperationsEvent>(events.Current);
        var fault = service.Stall("backup_vol_*", 0);
        var started = await ExportAsync("listened");

        var running = await NextAsync<OperationsEvent>(news => news.Operations.Any(operation => operation.Name == "listened" && !operation.Queued));
        await fault.StruckAsync();
        service.ClearFaults();
        var changed = await NextAsync<BackupsChangedEvent>(news => news.Changed.Any(backup => backup is { Name: "listened", Status: "available" }));

        Assert.Equal((started.BackupId, "export"), running.Operations.Where(operation => operation.Name == "listened").Select(operation => (operation.BackupId, operation.Action)).Single());
        Assert.Contains(started.BackupId, changed.Changed.Select(backup => backup.BackupId));

        async Task<T> NextAsync<T>(Func<T, bool> isWanted)
            where T : ProjectEvent
        {
            while (await events.MoveNextAsync())
            {
                if (events.Current is T news && isWanted(news))
                {
                    return news;
                }
            }

            throw new InvalidOperationException("The stream ended.");
        }
    }

    private async Task<List<string>> NamesAsync(BackupFilter filter) => await client.ListBackupsAsync(filter, CancellationToken.None).Select(backup => backup.Name).ToListAsync(CancellationToken.None);

    private async Task<StartedOperation> ExportAsync(string name)
        => await client.ExportAsync(new ExportRequest { Name = name, SrcImageId = (await client.FindImageAsync("golden", CancellationToken.None)).Id, UploadToCos = false }, CancellationToken.None);

    private async Task<ImageBackupRecord> EndAsync(StartedOperation operation)
    {
        await client.FollowAsync(operation, CancellationToken.None).LastAsync(CancellationToken.None);
        return await client.GetBackupAsync(operation.BackupId, CancellationToken.None);
    }

    /// <summary>A service with an image.</summary>
    public sealed class Service : RealPortServiceFixture, IAsyncLifetime
    {
        public async ValueTask InitializeAsync()
        {
            Settings["ImageBackup:Emulator:Enabled"] = "true";
            var seed = await Client.CallAsync(HttpMethod.Post, "/emulator/seed", "images: [{name: golden, os_distro: aix, volumes: [{size: 1MiB, content: random, data: 64KiB}]}]", "application/yaml");
            Assert.Equal(HttpStatusCode.Created, seed.Status);
        }

        public ValueTask DisposeAsync()
        {
            this.ClearFaults();
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
