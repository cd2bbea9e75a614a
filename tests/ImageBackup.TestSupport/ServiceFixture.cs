using ImageBackup.Core.Buckets;
using ImageBackup.Core.Persistence;
using ImageBackup.Core.Persistence.PostgreSql;
using ImageBackup.Core.Settings;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace ImageBackup.TestSupport;

/// <summary>The real service on a temporary data directory. Derive a class to change settings or services.</summary>
public class ServiceFixture : IDisposable
{
    /// <summary>The project of most tests, and of routes without a project in their path.</summary>
    public const string ProjectId = "40a58846608e4e908c43b547d4dfb58c";

    private readonly TemporaryDirectory _directory = new();
    private readonly Lock _lock = new();
    private WebApplicationFactory<Program>? _factory;
    private HttpClient? _client;
    private string? _database;

    /// <summary>True if <c>IMAGEBACKUP_TEST_DATABASE</c> is <c>PostgreSql</c>: every service of the test run uses a database of a PostgreSQL server.</summary>
    public static bool UsesPostgres { get; } = Environment.GetEnvironmentVariable("IMAGEBACKUP_TEST_DATABASE") == "PostgreSql";

    /// <summary>The service's data directory. It survives <see cref="RestartAsync"/>.</summary>
    public string DataDirectory => Path.Combine(_directory.Path, DataDirectoryName);

    /// <summary>Settings by key, such as <c>ImageBackup:Demo:Enabled</c>. Changes apply at the first use or at a restart.</summary>
    public Dictionary<string, string?> Settings { get; } = new()
    {
        ["ImageBackup:Demo:Enabled"] = "false",

        // All requests of a test come from one client, which polls quickly.
        ["ImageBackup:Limits:RequestsPerSecond"] = "0",
        ["Serilog:MinimumLevel:Default"] = "Warning",
    };

    /// <summary>Sends requests to the service, and starts it at first use.</summary>
    public HttpClient Client
    {
        get
        {
            Start();
            return _client!;
        }
    }

    /// <summary>The service's dependency injection container.</summary>
    public IServiceProvider Services
    {
        get
        {
            Start();
            return _factory!.Services;
        }
    }

    /// <summary>The paths of the service's data.</summary>
    public DataPaths Paths => Services.GetRequiredService<DataPaths>();

    /// <summary>The name of the data directory.</summary>
    protected virtual string DataDirectoryName => "data";

    /// <summary>True if the service listens on a loopback port; otherwise requests stay in the process.</summary>
    protected virtual bool UsesRealPort => false;

    /// <summary>A path below the project, such as <c>V3("/volumes")</c>.</summary>
    public static string V3(string path) => $"/v3/{ProjectId}{path}";

    /// <summary>Opens the service's database for a test. <see cref="QueryPlans"/> does not check its statements.</summary>
    public ImageBackupDbContext OpenDatabase()
    {
        Start();
        return _database is not null ? PostgresServer.Open(_database) : new ImageBackupDbContext(new DbContextOptionsBuilder<ImageBackupDbContext>().UseSqlite($"Data Source={Paths.Database}").Options);
    }

    /// <summary>Stops the service as a signal does, and starts it again on the same data.</summary>
    public async Task RestartAsync()
    {
        await StopAsync();
        Start();
    }

    /// <summary>Stops the service; the next use starts it again.</summary>
    public async Task StopAsync()
    {
        _client?.Dispose();
        _client = null;
        if (_factory is not null)
        {
            await _factory.DisposeAsync();
            _factory = null;
        }
    }

    public void Dispose()
    {
        if (_client is not null)
        {
            // A host that refused to start cannot be stopped.
            _client.Dispose();
            _factory?.Dispose();
        }

        if (_database is not null)
        {
            Wait(async () => await (await PostgresServer.GetAsync()).DropAsync(_database));
        }

        _directory.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Replaces services, such as the clock.</summary>
    protected virtual void ConfigureServices(IServiceCollection services)
    {
    }

    /// <summary>Waits without the test's synchronization context, because the service is started by properties.</summary>
    private static void Wait(Func<Task> work) => Task.Run(work).GetAwaiter().GetResult();

    private void UsePostgres()
    {
        Wait(async () => _database ??= await (await PostgresServer.GetAsync()).CreateDatabaseAsync());
        Settings.TryAdd("ImageBackup:Database:Provider", "PostgreSql");
        Settings.TryAdd("ImageBackup:Database:ConnectionString", _database);
        Settings.TryAdd("ImageBackup:Cluster:Secret", "a secret of the tests with 32 characters");
    }

    private void Start()
    {
        lock (_lock)
        {
            if (_client is not null)
            {
                return;
            }

            if (UsesPostgres)
            {
                UsePostgres();
            }

            _factory = new WebApplicationFactory<Program>().WithWebHostBuilder(host =>
            {
                host.UseSetting("ImageBackup:DataDirectory", DataDirectory);
                foreach (var (key, value) in Settings)
                {
                    host.UseSetting(key, value);
                }

                // Without this, a real port would be the service's default port.
                host.UseSetting("urls", "http://127.0.0.1:0");
                host.ConfigureTestServices(services => services.ConfigureDbContext<ImageBackupDbContext>(options => options.AddInterceptors(QueryPlans.Instance)));

                // The tests run one process, which may use the embedded store, and whose directories need no markers.
                host.ConfigureTestServices(services => services.Remove(services.Single(service => service.ImplementationType == typeof(SharedStoreValidation))));
                host.ConfigureTestServices(services => services.AddSingleton(provider => new DirectoryMarkers(
                    provider.GetRequiredService<IDbContextFactory<PostgreSqlDbContext>>(), provider.GetRequiredService<DataPaths>(), isActive: false)));
                host.ConfigureTestServices(ConfigureServices);
            });
            if (UsesRealPort)
            {
                _factory.UseKestrel(0);
                _factory.StartServer();
            }

            // The factory's options have the chosen port.
            _client = _factory.CreateClient(new WebApplicationFactoryClientOptions
            {
                AllowAutoRedirect = false,
                BaseAddress = _factory.ClientOptions.BaseAddress,
            });
            _client.Timeout = TimeSpan.FromMinutes(5);
        }
    }
}

/// <summary>The service behind Kestrel on a free loopback port, for tests that need a socket: limits, aborts, clients of other projects.</summary>
public class RealPortServiceFixture : ServiceFixture
{
    /// <summary>The address on which the service listens, without a trailing slash.</summary>
    public string BaseAddress => Client.BaseAddress!.ToString().TrimEnd('/');

    protected override bool UsesRealPort => true;
}
