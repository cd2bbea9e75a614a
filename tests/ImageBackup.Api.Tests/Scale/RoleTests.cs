using System.Net;
using ImageBackup.Api.Cli;
using ImageBackup.TestSupport;
using Microsoft.EntityFrameworkCore;

namespace ImageBackup.Api.Tests.Scale;

/// <summary>The roles of processes, and settings that do not fit them.</summary>
public sealed class RoleTests
{
    [Theory]
    [InlineData("ImageBackup:Cluster:Role 'worker' needs several processes, but ImageBackup:Database:Provider is Sqlite.", "serve", "--role", "worker", "--node", "a")]
    [InlineData("ImageBackup:Cluster:Nodes is set, but ImageBackup:Database:Provider is Sqlite", "serve", "--node", "a", "b")]
    [InlineData("ImageBackup:Cluster:Role 'boss' is not accepted. Use all, api or worker.", "serve", "--role=boss")]
    public async Task A_role_that_does_not_fit_stops_the_start(string reason, params string[] arguments)
    {
        using var directory = new TemporaryDirectory();

        var run = await ProgramRun.CommandAsync([.. arguments, "--urls", "http://127.0.0.1:0", "--ImageBackup:DataDirectory", directory.Path]);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains(reason, run.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new[] { "--role", "worker", "--node", "a", "b", "--urls", "http://x" }, new[] { "--ImageBackup:Cluster:Role=worker", "--ImageBackup:Cluster:Nodes:0=a", "--ImageBackup:Cluster:Nodes:1=b", "--urls", "http://x" })]
    [InlineData(new[] { "--node=a", "--node", "b" }, new[] { "--ImageBackup:Cluster:Nodes:0=a", "--ImageBackup:Cluster:Nodes:1=b" })]
    public void Role_and_nodes_are_settings(string[] arguments, string[] expected) => Assert.Equal(expected, ServeArguments.Expand(arguments));

    [Fact]
    public async Task A_process_with_the_role_api_runs_no_operation()
    {
        await using var cluster = await Cluster.CreateAsync();
        var api = await cluster.StartAsync("front", "api");
        var client = new BackupClient(api);

        var started = await client.ExportAsync(Cluster.DemoImage);
        await Task.Delay(TimeSpan.FromSeconds(2));

        Assert.Equal("PENDING", (await client.ProgressAsync(started)).GetProperty("flow_details").GetProperty("ExportFlow").GetString());
        var service = (await client.GetAsync("/os-services")).Body.GetProperty("services").EnumerateArray().Single();
        Assert.Equal(("imagebackup-api", "front", "up"), (service.GetProperty("binary").GetString(), service.GetProperty("host").GetString(), service.GetProperty("state").GetString()));
    }

    [Fact]
    public async Task A_worker_answers_no_clients_and_registers_its_nodes()
    {
        await using var cluster = await Cluster.CreateAsync();
        var worker = await cluster.StartAsync("back", "worker");

        using var listed = await worker.Client.GetAsync(new Uri(ServiceFixture.V3("/image-backups"), UriKind.Relative));
        using var health = await worker.Client.GetAsync(new Uri("/healthcheck", UriKind.Relative));

        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.OK), (listed.StatusCode, health.StatusCode));
        await using var db = cluster.Open();
        await Polling.UntilAsync("the worker to register", async () => await db.Services.AsNoTracking().AnyAsync());
        var service = await db.Services.AsNoTracking().SingleAsync();
        Assert.Equal(("cinder-backup", "back", "local", 4), (service.Binary, service.Host, service.Nodes, service.Slots));
        Assert.True(service.LeaseEndsAt > DateTime.UtcNow);
        using var ready = await worker.Client.GetAsync(new Uri("/healthcheck/ready", UriKind.Relative));
        Assert.Contains("\"lease\":\"OK\"", await ready.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }
}
