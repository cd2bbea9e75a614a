using ImageBackup.TestSupport;
using Microsoft.EntityFrameworkCore;

namespace ImageBackup.Api.Tests.Startup;

/// <summary>The start on a PostgreSQL server, as a process.</summary>
public sealed class PostgresStartTests : IAsyncLifetime
{
    private const string Secret = "0123456789abcdef0123456789abcdef";

    private readonly TemporaryDirectory directory = new();
    private string database = "";

    private string Data => Path.Combine(directory.Path, "data");

    public async ValueTask InitializeAsync() => database = await (await PostgresServer.GetAsync()).CreateEmptyDatabaseAsync();

    public async ValueTask DisposeAsync()
    {
        directory.Dispose();
        if (database.Length > 0)
        {
            await (await PostgresServer.GetAsync()).DropAsync(database);
        }
    }

    [Fact]
    public async Task The_service_waits_until_migrate_has_run()
    {
        using var service = ServiceProcess.Launch(Data, Settings());
        await Polling.UntilAsync("the service's line about waiting", () => Task.FromResult(service.Log.Contains("Waiting until 'imagebackup migrate'", StringComparison.Ordinal)));

        var migrate = await MigrateAsync(Secret);

        Assert.Equal((0, "The database is up to date.\n"), (migrate.ExitCode, migrate.Output));
        await Polling.UntilAsync("the service's first answer", async () => await AnswersAsync(service));
    }

    [Fact]
    public async Task Migrate_can_run_again()
    {
        await MigrateAsync(Secret);

        var again = await MigrateAsync(Secret);

        Assert.Equal(0, again.ExitCode);
    }

    [Fact]
    public async Task Another_secret_is_refused()
    {
        await MigrateAsync(Secret);

        using var service = ServiceProcess.Launch(Data, Settings(secret: new string('x', 32)));
        await service.WaitForEndAsync(TimeSpan.FromMinutes(1));

        Assert.Equal(2, service.ExitCode);
        Assert.Contains("ImageBackup:Cluster:Secret does not decrypt the keys in the database ", service.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_does_not_answer_is_named_without_the_password()
    {
        using var service = ServiceProcess.Launch(Data, Settings($"Host={directory.Path};Database=imagebackup;Username=ann;Password=open-sesame"));
        await service.WaitForEndAsync(TimeSpan.FromMinutes(1));

        Assert.Equal(2, service.ExitCode);
        Assert.Contains($"The database imagebackup on {directory.Path}:5432 cannot be used: ", service.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("open-sesame", service.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_of_a_newer_version_is_refused()
    {
        await MigrateAsync(Secret);
        await using (var db = PostgresServer.Open(database))
        {
            await db.Database.ExecuteSqlRawAsync("""INSERT INTO "__EFMigrationsHistory" VALUES ('29991231235959_Later', '99.0.0')""");
        }

        var again = await MigrateAsync(Secret);

        Assert.Equal(2, again.ExitCode);
        Assert.Contains("its last migration is 29991231235959_Later", again.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_keys_in_the_database_are_encrypted()
    {
        await MigrateAsync(Secret);

        await using var db = PostgresServer.Open(database);
        var keys = await db.SharedKeys.ToListAsync();

        Assert.Equal(2, keys.Count);
        Assert.All(keys, key => Assert.Equal(-1, key.Protected.AsSpan().IndexOf("<key"u8)));
        Assert.False(Directory.Exists(Path.Combine(Data, "keys")));
    }

    private Task<ProgramRun> MigrateAsync(string secret)
        => ProgramRun.CommandAsync(["migrate"], Settings(secret: secret).ToDictionary(setting => setting.Key.Replace(":", "__", StringComparison.Ordinal), setting => setting.Value));

    private Dictionary<string, string> Settings(string? connection = null, string secret = Secret) => new()
    {
        ["ImageBackup:Database:Provider"] = "PostgreSql",
        ["ImageBackup:Database:ConnectionString"] = connection ?? database,
        ["ImageBackup:Cluster:Secret"] = secret,
        ["ImageBackup:Cos:ServiceUrl"] = "http://127.0.0.1:9",
        ["ImageBackup:Cos:AccessKey"] = "access",
        ["ImageBackup:Cos:SecretKey"] = "secret",
        ["ImageBackup:Demo:Enabled"] = "false",
    };

    private static async Task<bool> AnswersAsync(ServiceProcess service)
    {
        try
        {
            using var answer = await service.Client.GetAsync(new Uri("/healthcheck", UriKind.Relative));
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
