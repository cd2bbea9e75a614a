using System.Net;
using System.Text.RegularExpressions;
using ImageBackup.TestSupport;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ImageBackup.Api.Tests.Identity;

/// <summary>Calls every route of the service without a token and with tokens of a stranger, a reader, a member and an administrator.</summary>
public sealed partial class RouteTests(RouteTests.EmulatorFixture service) : IClassFixture<RouteTests.EmulatorFixture>
{
    private const string Open = "open";
    private const string Any = "any";
    private const string Reader = "reader";
    private const string Member = "member";
    private const string Admin = "admin";
    private static readonly string[] Users = [Reader, Member, Admin];

    // A new route fails the test until it is listed here. The first match counts.
    private static readonly (string Method, string Route, string Role)[] Expected =
    [
        ("GET", "^/$|^/v2$|^/v3$|^/versions$|^/healthcheck(/ready)?$|^/identity/(v3/)?$", Open),
        ("POST", "^/identity/v3/auth/tokens$", Open),
        ("GET", "^/identity/v3/auth/catalog$", Reader),
        ("GET", "^/identity/v3/(projects|users)$", Admin),
        (".*", "^/identity/v3/", Any),
        (".*", "^/emulator/", Admin),
        ("PUT", "^/v3/P/image-backups/ID/reset_status$", Admin),
        (".*", "^/v3/P/image-backups/ID/(upload|download|verify)$", Member),
        ("GET", "^/metrics$", Reader),
        ("GET", "^/v3/P/image-backups", Reader),
        ("POST|PUT|DELETE", "^/v3/P/image-backups", Member),
        ("GET", "^/v3/P/(cos|backup-nodes)", Reader),
        ("POST|PUT|DELETE", "^/v3/P/(cos|backup-nodes)", Admin),
        ("GET", "^/v3/P/(volumes|types|snapshots|os-availability-zone|limits|os-quota-sets)|^/v2/(images|schemas)", Reader),
        ("PUT|DELETE", "^/v3/P/os-quota-sets", Admin),
        ("GET|PUT", "^/v3/P/os-services", Admin),
        ("POST|PUT|PATCH|DELETE", "^/v3/P/volumes|^/v2/images", Member),
    ];

    [Fact]
    public async Task Every_route_allows_exactly_the_callers_with_its_role()
    {
        var routes = Routes();

        var failures = new List<string>();
        foreach (var (method, route) in routes)
        {
            failures.AddRange(await FailuresOfAsync(method, route));
        }

        Assert.True(routes.Count > 40, $"Only {routes.Count} routes were found.");
        Assert.True(failures.Count == 0, string.Join(Environment.NewLine, failures));
    }

    [Theory]
    [InlineData("/nowhere")]
    [InlineData("/metrics")]
    [InlineData("/v2/images/none/nowhere")]
    [InlineData("/v3/0123456789abcdef0123456789abcdef/nowhere")]
    public async Task An_unknown_route_is_a_401_without_a_token(string path)
    {
        using var response = await service.Embedded.SendAsync(HttpMethod.Get, path, null);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task Delete_by_force_requires_an_administrator()
    {
        var path = ServiceFixture.V3("/image-backups/1?force=true");

        using var member = await service.Embedded.SendAsync(HttpMethod.Delete, path, await service.Embedded.TokenOfAsync(Member));
        using var admin = await service.Embedded.SendAsync(HttpMethod.Delete, path, await service.Embedded.TokenOfAsync(Admin));

        Assert.Equal(HttpStatusCode.Forbidden, member.StatusCode);
        Assert.Equal(
            $$$"""{"forbidden":{"code":403,"message":"Policy doesn't allow DELETE {{{ServiceFixture.V3("/image-backups/1")}}} with force=true to be performed. It asks for the role admin."}}""",
            await member.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.NotFound, admin.StatusCode);
    }

    [Fact]
    public async Task A_route_without_a_role_requires_an_administrator()
    {
        using var nobody = await service.Embedded.SendAsync(HttpMethod.Get, "/unmarked", null);
        using var member = await service.Embedded.SendAsync(HttpMethod.Get, "/unmarked", await service.Embedded.TokenOfAsync(Member));
        using var admin = await service.Embedded.SendAsync(HttpMethod.Get, "/unmarked", await service.Embedded.TokenOfAsync(Admin));

        Assert.Equal(HttpStatusCode.Unauthorized, nobody.StatusCode);
        Assert.Equal(
            """{"forbidden":{"code":403,"message":"Policy doesn't allow GET /unmarked to be performed. It asks for the role admin."}}""",
            await member.Content.ReadAsStringAsync());
        Assert.Equal("done", await admin.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("PATCH", "/v3/40a58846608e4e908c43b547d4dfb58c/cos")]
    [InlineData("GET", "/v3/40a58846608e4e908c43b547d4dfb58c/nowhere")]
    [InlineData("GET", "/nowhere")]
    public async Task An_unknown_route_and_a_wrong_method_are_a_404_for_a_reader(string method, string path)
    {
        using var response = await service.Embedded.SendAsync(new HttpMethod(method), path, await service.Embedded.TokenOfAsync(Reader));

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task A_token_without_a_project_opens_no_route_of_a_project()
    {
        using var logIn = await service.Embedded.LogInAsync(EmbeddedFixture.PasswordLogIn("admin", scope: "unscoped"));
        using var response = await service.Embedded.SendAsync(HttpMethod.Get, "/v2/images", logIn.Headers.GetValues("X-Subject-Token").Single());

        Assert.Equal(
            """{"forbidden":{"code":403,"message":"The token is not scoped to a project. Log in with one."}}""", await response.Content.ReadAsStringAsync());
    }

    private List<(string Method, string Route)> Routes() =>
    [
        .. service.Embedded.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .SelectMany(endpoint => (endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"])
                .Select(method => (method, "/" + (endpoint.RoutePattern.RawText ?? "").TrimStart('/')))),
    ];

    private async Task<List<string>> FailuresOfAsync(string method, string route)
    {
        var plain = Parameter().Replace(ProjectParameter().Replace(route, "P"), "ID");
        var role = Expected.FirstOrDefault(entry => Regex.IsMatch(method, $"^({entry.Method})$") && Regex.IsMatch(plain, entry.Route)).Role;
        if (role is null)
        {
            return [$"{method} {plain}: the test lists no role for it."];
        }

        var failures = new List<string>();
        var path = plain.Replace("/P", $"/{ServiceFixture.ProjectId}", StringComparison.Ordinal).Replace("ID", "4711", StringComparison.Ordinal);
        async Task CheckAsync(string who, string? token, Func<HttpStatusCode, bool> isRight)
        {
            using var response = await service.Embedded.SendAsync(new HttpMethod(method), path, token);
            if (!isRight(response.StatusCode))
            {
                failures.Add($"{method} {plain} ({role}) answers {who} with {(int)response.StatusCode}: {await response.Content.ReadAsStringAsync()}");
            }
        }

        if (role == Open)
        {
            await CheckAsync("nobody", null, status => status != HttpStatusCode.Unauthorized);
            return failures;
        }

        await CheckAsync("nobody", null, status => status == HttpStatusCode.Unauthorized);
        await CheckAsync("a made-up token", "made-up", status => status == HttpStatusCode.Unauthorized);
        if (plain.Contains("/P/", StringComparison.Ordinal))
        {
            await CheckAsync("a stranger", await service.Embedded.TokenOfAsync("stranger"), status => status == HttpStatusCode.BadRequest);
        }

        var least = role == Any ? 0 : Array.IndexOf(Users, role);
        for (var i = 0; i < Users.Length; i++)
        {
            var isAllowed = i >= least;
            await CheckAsync(Users[i], await service.Embedded.TokenOfAsync(Users[i]), status => role == Any
                ? status != HttpStatusCode.Unauthorized
                : isAllowed == (status is not (HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized)));
        }

        return failures;
    }

    [GeneratedRegex(@"\{project_id[^}]*\}")]
    private static partial Regex ProjectParameter();

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Parameter();

    /// <summary>The service with all optional parts.</summary>
    public sealed class EmulatorFixture : IDisposable
    {
        public EmulatorFixture() => Embedded.Settings["ImageBackup:Emulator:Enabled"] = "true";

        public EmbeddedFixture Embedded { get; } = new();

        public void Dispose() => Embedded.Dispose();
    }
}
