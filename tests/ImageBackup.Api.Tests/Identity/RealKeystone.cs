using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using ImageBackup.TestSupport;

namespace ImageBackup.Api.Tests.Identity;

/// <summary>OpenStack's own Keystone on a free port of loopback, with the project <c>ibm-default</c> and its users <c>member</c> and <c>reader</c>. The first test that asks for it starts it.</summary>
public sealed class RealKeystone : IAsyncDisposable
{
    public const string AdminPassword = "adminpass";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private readonly TemporaryDirectory _directory = new();
    private readonly HttpClient _client = new() { Timeout = TimeSpan.FromSeconds(30) };
    private Task? _start;
    private Process? _process;
    private string _adminToken = "";

    public string Url { get; private set; } = "";

    public string ProjectId { get; private set; } = "";

    public static string PasswordOf(string user) => user == "admin" ? AdminPassword : $"{user}-password";

    /// <summary>Starts Keystone at the first call. Where it is not installed, the test is skipped.</summary>
    public Task StartAsync() => _start ??= StartOnceAsync();

    public async ValueTask DisposeAsync()
    {
        if (_process is { } process)
        {
            // The script runs until its input ends.
            process.StandardInput.Close();
            await process.WaitForExitAsync();
            process.Dispose();
        }

        _client.Dispose();
        _directory.Dispose();
    }

    /// <summary>Returns a token and its JSON.</summary>
    public async Task<(string Token, JsonElement Body)> LogInAsync(string user, string? project)
    {
        var domain = new { name = "Default" };
        var identity = new { methods = new[] { "password" }, password = new { user = new { name = user, domain, password = PasswordOf(user) } } };
        using var response = await _client.PostAsync(
            $"{Url}/auth/tokens", Json(project is null ? new { auth = new { identity } } : new { auth = new { identity, scope = new { project = new { name = project, domain } } } }));
        response.EnsureSuccessStatusCode();
        return (response.Headers.GetValues("X-Subject-Token").Single(), await response.Content.ReadFromJsonAsync<JsonElement>());
    }

    public async Task RevokeAsync(string token)
    {
        using var request = Request(HttpMethod.Delete, "/auth/tokens", null);
        request.Headers.Add("X-Subject-Token", token);
        using var response = await _client.SendAsync(request);
        response.EnsureSuccessStatusCode();
    }

    /// <summary>Registers a service of the catalog with one public endpoint. <c>%(project_id)s</c> in the address stands for the token's project.</summary>
    public async Task RegisterAsync(string type, string name, string url)
    {
        var service = await CreateAsync("service", new { type, name });
        await CreateAsync("endpoint", new { service_id = service, @interface = "public", url, region_id = "RegionOne" });
    }

    /// <summary>Removes the services of earlier tests from the catalog.</summary>
    public async Task RemoveServicesAsync()
    {
        using var list = Request(HttpMethod.Get, "/services", null);
        using var answer = await _client.SendAsync(list);
        var services = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("services").EnumerateArray();
        foreach (var service in services.Where(service => service.GetProperty("type").GetString() != "identity"))
        {
            using var delete = Request(HttpMethod.Delete, $"/services/{service.GetProperty("id").GetString()}", null);
            using var deleted = await _client.SendAsync(delete);
            deleted.EnsureSuccessStatusCode();
        }
    }

    private async Task StartOnceAsync()
    {
        Requires.Programs("keystone-manage", "uwsgi", "sqlite3");
        var port = FreePorts.Take(1)[0];
        Url = $"http://127.0.0.1:{port}/v3";
        _process = Process.Start(new ProcessStartInfo("bash", [ClientScripts.Find("keystone.sh"), $"{port}", _directory.Path]) { RedirectStandardInput = true })!;
        await WaitAsync();
        (_adminToken, _) = await LogInAsync("admin", "admin");
        ProjectId = await CreateAsync("project", new { name = "ibm-default", domain_id = "default" });
        await AddUserAsync("member");
        await AddUserAsync("reader");
        await GrantAsync(await FindAsync("user", "admin"), "admin");
    }

    private async Task WaitAsync()
    {
        var started = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                using var response = await _client.GetAsync(Url);
                response.EnsureSuccessStatusCode();
                return;
            }
            catch (HttpRequestException) when (started.Elapsed < Patience && _process is { HasExited: false })
            {
                await Task.Delay(100);
            }
        }
    }

    private async Task AddUserAsync(string role)
        => await GrantAsync(await CreateAsync("user", new { name = role, domain_id = "default", password = PasswordOf(role) }), role);

    private async Task GrantAsync(string userId, string role)
    {
        using var request = Request(HttpMethod.Put, $"/projects/{ProjectId}/users/{userId}/roles/{await FindAsync("role", role)}", null);
        using var response = await _client.SendAsync(request);
        response.EnsureSuccessStatusCode();
    }

    private async Task<string> CreateAsync(string kind, object content)
    {
        using var request = Request(HttpMethod.Post, $"/{kind}s", new Dictionary<string, object> { [kind] = content });
        using var response = await _client.SendAsync(request);
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty(kind).GetProperty("id").GetString()!;
    }

    private async Task<string> FindAsync(string kind, string name)
    {
        using var request = Request(HttpMethod.Get, $"/{kind}s?name={name}", null);
        using var response = await _client.SendAsync(request);
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty($"{kind}s")[0].GetProperty("id").GetString()!;
    }

    // JsonContent would send chunks, which uWSGI rejects.
    private static StringContent Json(object content) => new(JsonSerializer.Serialize(content), null, "application/json");

    private HttpRequestMessage Request(HttpMethod method, string path, object? content)
    {
        var request = new HttpRequestMessage(method, Url + path) { Content = content is null ? null : Json(content) };
        request.Headers.Add("X-Auth-Token", _adminToken);
        return request;
    }
}

/// <summary>The tests that share one Keystone.</summary>
[CollectionDefinition(nameof(RealKeystone))]
public sealed class RealKeystoneCollection : ICollectionFixture<RealKeystone>;
