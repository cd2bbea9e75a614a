using System.Net;
using System.Net.Sockets;
using ImageBackup.Core.Settings;
using ImageBackup.TestSupport;
using Microsoft.Data.Sqlite;

namespace ImageBackup.Api.Tests.Startup;

/// <summary>A start that fails exits with code 2 and says why in one line, without a stack trace.</summary>
public sealed class StartFailureTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    private string Data => Path.Combine(directory.Path, "data");

    private string Database => Path.Combine(Data, "imagebackup.db");

    [Fact]
    public async Task A_data_directory_that_cannot_be_created_is_named()
    {
        await File.WriteAllTextAsync(Data, "a file, not a directory");

        await AssertRefusedAsync($"The service cannot use the data directory {Data}: ");
    }

    [Theory]
    [InlineData("ro")]
    [InlineData("size=64k")]
    [InlineData("size=1m")]
    public async Task A_read_only_and_a_full_disk_are_named(string mountOptions)
    {
        Requires.Root();
        Directory.CreateDirectory(Data);
        Tool.Run("mount", "-t", "tmpfs", "-o", mountOptions, "tmpfs", Data);
        try
        {
            await AssertRefusedAsync($"The service cannot use the data directory {Data}: ");
        }
        finally
        {
            Tool.Run("umount", "-l", Data);
        }
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_named()
    {
        Directory.CreateDirectory(Data);
        await File.WriteAllTextAsync(Database, new string('x', 8192));

        await AssertRefusedAsync($"The service cannot use the data directory {Data}: {Database} is not a SQLite database. Move the file away, or restore a backup of it.");
        Assert.Equal(new string('x', 8192), await File.ReadAllTextAsync(Database));
    }

    [Fact]
    public async Task A_directory_in_the_place_of_the_database_is_named()
    {
        Directory.CreateDirectory(Database);

        await AssertRefusedAsync($"The service cannot use the data directory {Data}: {Database}: SQLite Error ");
    }

    [Fact]
    public async Task A_directory_of_the_embedded_store_that_cannot_be_created_is_named()
    {
        var store = Path.Combine(directory.Path, "cos");
        await File.WriteAllTextAsync(store, "a file, not a directory");

        await AssertRefusedAsync($"The service cannot use the directory {store} of the embedded object store: ", "--ImageBackup:Cos:Directory", store);
    }

    [Fact]
    public async Task A_database_of_a_newer_version_is_refused_with_both_migrations()
    {
        using (var service = await ServiceProcess.StartAsync(Data))
        {
            await service.TerminateAsync();
        }

        await ExecuteAsync("INSERT INTO __EFMigrationsHistory VALUES ('29990101000000_FromTheFuture', '12.0.0')");

        var run = await AssertRefusedAsync($"A newer version has written the database {Database}: its last migration is 29990101000000_FromTheFuture, version {ServiceVersion.Current} knows the migrations up to 20");
        Assert.Contains("Start the newer version, or restore a backup of the database.", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_busy_port_is_named()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;

        await AssertRefusedAsync($"Failed to bind to address http://127.0.0.1:{port}: address already in use. Stop the program that listens there, or choose another address with --urls.", "--urls", $"http://127.0.0.1:{port}");
    }

    [Theory]
    [InlineData("The service cannot listen on http://192.0.2.1:9000: ", "--urls", "http://192.0.2.1:9000", "--ImageBackup:Auth:AllowAnonymousRemote", "true")]
    [InlineData("The service cannot start: Invalid url: 'nowhere'", "--urls", "nowhere")]
    [InlineData("The service cannot start: The value Loud is not a valid Serilog level.", "--Serilog:MinimumLevel:Default", "Loud")]
    [InlineData("The service cannot start: Could not find file '/no-such-file.pfx'.", "--Kestrel:Endpoints:Https:Url", "https://127.0.0.1:0", "--Kestrel:Endpoints:Https:Certificate:Path", "/no-such-file.pfx")]
    public Task A_setting_of_the_host_that_cannot_be_used_is_named(string line, params string[] arguments) => AssertRefusedAsync(line, arguments);

    [Fact]
    public async Task A_settings_file_that_is_no_json_is_named()
    {
        await File.WriteAllTextAsync(Path.Combine(directory.Path, "appsettings.json"), "{ \"ImageBackup\": ");

        await AssertRefusedAsync($"The service cannot start: Failed to load configuration from file '{directory.Path}/appsettings.json'. ", "--contentRoot", directory.Path);
    }

    public void Dispose() => directory.Dispose();

    private async Task<ProgramRun> AssertRefusedAsync(string line, params string[] arguments)
    {
        var run = await ProgramRun.CommandAsync(["--ImageBackup:DataDirectory", Data, .. arguments], new Dictionary<string, string> { ["ASPNETCORE_URLS"] = "http://127.0.0.1:0" });

        Assert.StartsWith(line, run.Errors, StringComparison.Ordinal);
        Assert.Single(run.Errors.TrimEnd('\n').Split('\n'));
        Assert.DoesNotContain("   at ", run.Output, StringComparison.Ordinal);
        Assert.Equal(2, run.ExitCode);
        return run;
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={Database};Pooling=false");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }
}
