using System.Net.Http.Json;
using ImageBackup.TestSupport;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace ImageBackup.Api.Tests.Identity;

/// <summary>The service with the embedded Keystone: an administrator, a member (a reader in a third project), a reader, and an administrator of another project.</summary>
public sealed class EmbeddedFixture : ServiceFixture
{
    public const string OtherProjectId = "0123456789abcdef0123456789abcdef";
    public const string ThirdProjectId = "00000000000000000000000000000003";
    private readonly Dictionary<string, string> _tokens = [];

    public EmbeddedFixture()
    {
        Settings["ImageBackup:Auth:Mode"] = "Embedded";
        Settings["ImageBackup:Auth:Projects:0:Name"] = "other";
        Settings["ImageBackup:Auth:Projects:0:Id"] = OtherProjectId;
        Settings["ImageBackup:Auth:Projects:1:Name"] = "third";
        Settings["ImageBackup:Auth:Projects:1:Id"] = ThirdProjectId;
        AddUser(0, "admin", "admin", "ibm-default", "other");
        AddUser(1, "member", "member", "ibm-default", "third");
        Settings["ImageBackup:Auth:Users:1:ProjectRoles:third:0"] = "reader";
        AddUser(2, "reader", "reader", "ibm-default");
        AddUser(3, "stranger", "admin", "other");
        Settings["ImageBackup:Auth:Users:1:ApplicationCredentials:0:Name"] = "ci";
        Settings["ImageBackup:Auth:Users:1:ApplicationCredentials:0:Id"] = "ci-id";
        Settings["ImageBackup:Auth:Users:1:ApplicationCredentials:0:Secret"] = "ci-secret-value";
        Settings["ImageBackup:Auth:Users:1:ApplicationCredentials:0:Roles:0"] = "reader";
    }

    public FakeTimeProvider Clock { get; } = new(DateTimeOffset.UtcNow);

    public static string PasswordOf(string user) => $"the-password-of-{user}";

    public static object PasswordLogIn(string user, string? password = null, object? scope = null) => new
    {
        auth = new
        {
            identity = new
            {
                methods = new[] { "password" },
                password = new { user = new { name = user, domain = new { name = "Default" }, password = password ?? PasswordOf(user) } },
            },
            scope = scope ?? new { project = new { name = "ibm-default", domain = new { id = "default" } } },
        },
    };

    /// <summary>A log-in by the application credential of <c>member</c>.</summary>
    public static object CredentialLogIn(string secret) => new
    {
        auth = new { identity = new { methods = new[] { "application_credential" }, application_credential = new { id = "ci-id", secret } } },
    };

    public Task<HttpResponseMessage> LogInAsync(object body) => Client.PostAsJsonAsync("/identity/v3/auth/tokens", body);

    /// <summary>Returns a token of the user, who logs in once for all tests. <c>stranger</c> is in the project <c>other</c>.</summary>
    public async Task<string> TokenOfAsync(string user)
    {
        if (!_tokens.TryGetValue(user, out var token))
        {
            using var response = await LogInAsync(PasswordLogIn(user, scope: user == "stranger" ? new { project = new { id = OtherProjectId } } : null));
            response.EnsureSuccessStatusCode();
            token = _tokens[user] = Assert.Single(response.Headers.GetValues("X-Subject-Token"));
        }

        return token;
    }

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? token, HttpContent? content = null, params (string, string)[] headers)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        if (token is not null)
        {
            request.Headers.Add("X-Auth-Token", token);
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        // The body of an event stream has no end.
        return await Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    protected override void ConfigureServices(IServiceCollection services)
    {
        services.AddSingleton<TimeProvider>(Clock);
        services.AddSingleton<IStartupFilter, UnmarkedRoute>();
    }

    /// <summary>Adds the route <c>/unmarked</c>, which declares no role.</summary>
    private sealed class UnmarkedRoute : IStartupFilter
    {
        private static readonly RouteEndpoint Route = new(context => context.Response.WriteAsync("done"), RoutePatternFactory.Parse("/unmarked"), 0, null, null);

        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use(call => context =>
            {
                context.SetEndpoint(context.Request.Path == "/unmarked" ? Route : null);
                return call(context);
            });
            next(app);
        };
    }

    private void AddUser(int index, string name, string role, params string[] projects)
    {
        var key = $"ImageBackup:Auth:Users:{index}";
        Settings[$"{key}:Name"] = name;
        Settings[$"{key}:Password"] = PasswordOf(name);
        Settings[$"{key}:Roles:0"] = role;
        for (var i = 0; i < projects.Length; i++)
        {
            Settings[$"{key}:Projects:{i}"] = projects[i];
        }
    }
}
