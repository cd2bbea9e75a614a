using System.Net.Http.Json;
using System.Text.Json;
using ImageBackup.Api.Tests.Identity;
using ImageBackup.TestSupport;
using Microsoft.Data.Sqlite;

namespace ImageBackup.Api.Tests.Scale;

/// <summary><c>imagebackup migrate --from</c>: a service that ran on SQLite goes on with PostgreSQL.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class MoveTests(SharedSwift swift) : IAsyncLifetime
{
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
    public async Task The_service_goes_on_with_everything()
    {
        using var sqlite = await ServiceProcess.StartAsync(Data, Service());
        await LogInAsync(sqlite);
        var client = new BackupClient(sqlite);
        var bucket = await RegisterBucketAsync(client);
        var uploaded = await client.ExportedAsync(Cluster.DemoImage, ("upload_to_cos", true), ("cos_bucket", bucket));
        var local = await client.ExportedAsync(Cluster.DemoImage, ("description", "stays on its node"));
        var deleted = await client.ExportedAsync(Cluster.DemoImage);
        await client.DeletedAsync(deleted.Id);
        await client.SendAsync(HttpMethod.Put, $"/os-quota-sets/{ServiceFixture.ProjectId}", new { quota_set = new { gigabytes = 77 } });
        await sqlite.AddFaultAsync(new { task = "backup_vol_*", at = 0.5, action = "stall" });
        var before = await AnswersAsync(client, uploaded, local);
        var interrupted = await client.ExportAsync(Cluster.DemoImage);
        await Polling.UntilAsync("the stall", async () => (await sqlite.Client.GetStringAsync(new Uri("/emulator/faults", UriKind.Relative))).Contains("\"left\":0", StringComparison.Ordinal));
        var early = await MoveAsync(Data);
        await sqlite.KillAsync();

        var moved = await MoveAsync(Data);

        Assert.Equal((2, ""), (early.ExitCode, early.Output));
        Assert.StartsWith($"Another process uses the data directory {Data}.", early.Errors, StringComparison.Ordinal);
        Assert.Equal((0, ""), (moved.ExitCode, moved.Errors));
        Assert.Matches(@"(?m)^image_backups +3$", moved.Output);
        Assert.Matches(@"(?m)^log_books +5$", moved.Output);
        Assert.Matches(@"(?m)^cos +1$", moved.Output);
        Assert.Matches(@"(?m)^keys +2$", moved.Output);

        using var postgres = await ServiceProcess.StartAsync(Data, Service(Postgres()));
        postgres.Client.DefaultRequestHeaders.Add("X-Auth-Token", sqlite.Client.DefaultRequestHeaders.GetValues("X-Auth-Token"));
        client = new BackupClient(postgres);
        Assert.Equal(before, await AnswersAsync(client, uploaded, local));

        await client.SucceedAsync(interrupted);
        File.Delete(Path.Combine(Data, "backup-nodes", "local", $"backup_{uploaded.Id}.ova"));
        await client.ImportedAsync(("image_backup_id", uploaded.Id));
        var next = await client.ExportedAsync(Cluster.DemoImage);
        Assert.Equal((4, 5), (interrupted.Id, next.Id));
        var services = (await client.GetAsync("/os-services")).Body.GetProperty("services").EnumerateArray();
        Assert.Equal(["down", "up"], services.Select(service => service.GetProperty("state").GetString()).Order());

        var again = await MoveAsync(Data);
        Assert.Equal(2, again.ExitCode);
        Assert.StartsWith("Another process uses the data directory", again.Errors, StringComparison.Ordinal);
        await postgres.TerminateAsync();
        Assert.StartsWith("The PostgreSQL database is not empty: ", (await MoveAsync(Data)).Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_source_that_cannot_be_moved_is_refused()
    {
        await CommandAsync(["migrate"], new Dictionary<string, string> { ["ImageBackup:DataDirectory"] = Data });
        var file = Path.Combine(Data, "imagebackup.db");
        var text = Path.Combine(directory.Path, "text");
        await File.WriteAllTextAsync(text, "This is a text and no database, and it is longer than the head of one.");

        Assert.Equal($"--from '{directory.Path}' has no database: {directory.Path}/imagebackup.db does not exist. Name a data directory or its imagebackup.db.\n", await RefusalAsync(directory.Path));
        var mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;
        File.SetUnixFileMode(directory.Path, mode);
        Assert.Contains("file is not a database", await RefusalAsync(text), StringComparison.Ordinal);
        Assert.Equal(mode, File.GetUnixFileMode(directory.Path));
        Assert.Contains("ImageBackup:Database:Provider is Sqlite. Set it to PostgreSql.", (await CommandAsync(["migrate", "--from", Data], new Dictionary<string, string>())).Errors, StringComparison.Ordinal);

        await ExecuteAsync(file, "INSERT INTO cos (ProjectId, Name, Type, BucketName, ProtectedCredentials, CreatedAt) VALUES ('p', 'n', 's3', 'b', 'secret', '2026-01-01 00:00:00')");
        Assert.Contains($"{Data}/keys has no keys", await RefusalAsync(Data), StringComparison.Ordinal);
        await ExecuteAsync(file, "DELETE FROM __EFMigrationsHistory WHERE MigrationId = (SELECT max(MigrationId) FROM __EFMigrationsHistory)");
        Assert.StartsWith($"{file} is not a database of version ", await RefusalAsync(Data), StringComparison.Ordinal);
    }

    /// <summary>What the API shows of records and progress.</summary>
    private static async Task<IReadOnlyList<string>> AnswersAsync(BackupClient client, params StartedBackup[] backups)
    {
        var answers = new List<string>
        {
            (await client.GetAsync("/cos")).Text,
            (await client.GetAsync("/backup-nodes")).Text,
            (await client.GetAsync("/volumes/detail")).Text,
            (await client.GetAsync("/v2/images")).Text,
            (await client.GetAsync($"/os-quota-sets/{ServiceFixture.ProjectId}")).Text,
        };
        foreach (var backup in backups)
        {
            answers.Add((await client.GetAsync($"/image-backups/{backup.Id}")).Text);
            answers.Add(JsonSerializer.Serialize(await client.ProgressAsync(backup)));
        }

        return answers;
    }

    private async Task<string> RegisterBucketAsync(BackupClient client)
    {
        var server = await swift.ServerAsync();
        var bucket = await server.CreateBucketAsync();
        var credentials = new { cos_endpoint = server.Url, access_key = SwiftServer.AccessKey, secret_key = SwiftServer.SecretKey };
        var answer = await client.PostAsync("/cos", new { cos = new { name = "registered", bucket_name = bucket, credentials } });
        return answer.Body.GetProperty("cos").GetProperty("bucket_name").GetString()!;
    }

    private static async Task LogInAsync(ServiceProcess service)
    {
        using var answer = await service.Client.PostAsJsonAsync("/identity/v3/auth/tokens", EmbeddedFixture.PasswordLogIn("admin"));
        service.Client.DefaultRequestHeaders.Add("X-Auth-Token", answer.Headers.GetValues("X-Subject-Token").Single());
    }

    private async Task<string> RefusalAsync(string from)
    {
        var run = await MoveAsync(from);
        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        return run.Errors;
    }

    private Task<ProgramRun> MoveAsync(string from) => CommandAsync(["migrate", "--from", from], Postgres());

    private static Task<ProgramRun> CommandAsync(IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> settings)
        => ProgramRun.CommandAsync(arguments, settings.ToDictionary(setting => setting.Key.Replace(":", "__", StringComparison.Ordinal), setting => setting.Value));

    private static async Task ExecuteAsync(string file, string statement)
    {
        await using var connection = new SqliteConnection($"Data Source={file};Pooling=false");
        await connection.OpenAsync();
        await using var command = new SqliteCommand(statement, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static Dictionary<string, string> Service(IReadOnlyDictionary<string, string>? database = null) => new(database ?? new Dictionary<string, string>())
    {
        ["ImageBackup:PublicEndpoint"] = "http://service.example",
        ["ImageBackup:Auth:Mode"] = "Embedded",
        ["ImageBackup:Auth:Users:0:Name"] = "admin",
        ["ImageBackup:Auth:Users:0:Password"] = EmbeddedFixture.PasswordOf("admin"),
        ["ImageBackup:Auth:Users:0:Roles:0"] = "admin",
        ["ImageBackup:Cluster:Host"] = database is null ? "before" : "after",
    };

    private Dictionary<string, string> Postgres() => new()
    {
        ["ImageBackup:Database:Provider"] = "PostgreSql",
        ["ImageBackup:Database:ConnectionString"] = database,
        ["ImageBackup:Cluster:Secret"] = "a secret of the tests with 32 characters",
        ["ImageBackup:Cos:ServiceUrl"] = "http://127.0.0.1:9",
        ["ImageBackup:Cos:AccessKey"] = "access",
        ["ImageBackup:Cos:SecretKey"] = "secret",
    };
}
