using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace ImageBackup.Api.Tests.Identity;

public sealed class LogInTests(EmbeddedFixture service) : IClassFixture<EmbeddedFixture>
{
    private static readonly string[] AllRoles = ["admin", "member", "reader"];

    [Fact]
    public async Task A_password_and_a_project_name_give_a_token_with_roles_and_catalog()
    {
        using var response = await service.LogInAsync(EmbeddedFixture.PasswordLogIn("admin"));

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Matches("^[A-Za-z0-9_-]{43}$", Assert.Single(response.Headers.GetValues("X-Subject-Token")));
        var token = (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("token");
        Assert.Equal(TestSupport.ServiceFixture.ProjectId, token.GetProperty("project").GetProperty("id").GetString());
        Assert.Equal("Default", token.GetProperty("user").GetProperty("domain").GetProperty("name").GetString());
        Assert.Equal(AllRoles, token.GetProperty("roles").EnumerateArray().Select(role => role.GetProperty("name").GetString()));
        var catalog = token.GetProperty("catalog").EnumerateArray().ToDictionary(
            entry => entry.GetProperty("type").GetString()!, entry => entry.GetProperty("endpoints")[0].GetProperty("url").GetString());
        Assert.Equal($"http://localhost/v3/{TestSupport.ServiceFixture.ProjectId}", catalog["block-storage"]);
        Assert.Equal(catalog["block-storage"], catalog["volumev3"]);
        Assert.Equal("http://localhost/identity/v3/", catalog["identity"]);
        Assert.Contains("image", catalog.Keys);
        Assert.Equal(
            TimeSpan.FromHours(6),
            token.GetProperty("expires_at").GetDateTime() - token.GetProperty("issued_at").GetDateTime());
    }

    [Fact]
    public async Task Nocatalog_leaves_the_catalog_out()
    {
        using var response = await service.Client.PostAsJsonAsync("/identity/v3/auth/tokens?nocatalog", EmbeddedFixture.PasswordLogIn("member"));

        var token = (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("token");
        Assert.False(token.TryGetProperty("catalog", out _));
        Assert.True(token.TryGetProperty("project", out _));
    }

    [Fact]
    public async Task An_unscoped_token_lists_its_projects_and_its_exchange_does_not_extend_it()
    {
        using var unscoped = await service.LogInAsync(EmbeddedFixture.PasswordLogIn("admin", scope: "unscoped"));
        var token = unscoped.Headers.GetValues("X-Subject-Token").Single();
        var expires = (await unscoped.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("token").GetProperty("expires_at").GetString();
        service.Clock.Advance(TimeSpan.FromMinutes(1));

        using var projects = await service.SendAsync(HttpMethod.Get, "/identity/v3/auth/projects", token);
        using var refused = await service.SendAsync(HttpMethod.Get, "/identity/v3/auth/catalog", token);
        using var scoped = await service.LogInAsync(new
        {
            auth = new
            {
                identity = new { methods = new[] { "token" }, token = new { id = token } },
                scope = new { project = new { id = EmbeddedFixture.OtherProjectId } },
            },
        });

        Assert.Equal(
            ["ibm-default", "other"],
            (await projects.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("projects").EnumerateArray().Select(project => project.GetProperty("name").GetString()));
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Equal(HttpStatusCode.Created, scoped.StatusCode);
        var body = (await scoped.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("token");
        Assert.Equal(expires, body.GetProperty("expires_at").GetString());
        Assert.Equal(EmbeddedFixture.OtherProjectId, body.GetProperty("project").GetProperty("id").GetString());
        Assert.Equal(2, body.GetProperty("audit_ids").GetArrayLength());
    }

    [Fact]
    public async Task A_user_has_the_roles_of_the_project_that_the_token_is_for()
    {
        using var here = await service.LogInAsync(EmbeddedFixture.PasswordLogIn("member"));
        using var there = await service.LogInAsync(EmbeddedFixture.PasswordLogIn("member", scope: new { project = new { id = EmbeddedFixture.ThirdProjectId } }));

        Assert.Equal(["member", "reader"], await RolesAsync(here));
        Assert.Equal(["reader"], await RolesAsync(there));

        static async Task<IEnumerable<string?>> RolesAsync(HttpResponseMessage response)
            => (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("token").GetProperty("roles").EnumerateArray().Select(role => role.GetProperty("name").GetString());
    }

    [Theory]
    [InlineData("ProjectRoles:nowhere:0", "reader", "'nowhere' is not one of the user's projects (ibm-default, third)")]
    [InlineData("ProjectRoles:third:0", "boss", "'boss' is not one of admin, member, reader")]
    [InlineData("ApplicationCredentials:0:Roles:0", "admin", "the user does not have 'admin' (member, reader)")]
    public void Invalid_roles_stop_the_start_and_name_the_key(string setting, string value, string reason)
    {
        using var broken = new EmbeddedFixture();
        var key = $"ImageBackup:Auth:Users:1:{setting}";
        broken.Settings[key] = value;

        var failure = Assert.Throws<OptionsValidationException>(() => broken.Client);

        Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
        Assert.StartsWith(key[..key.LastIndexOf(':')], failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_application_credential_gives_its_own_roles_in_its_own_project()
    {
        using var response = await service.LogInAsync(EmbeddedFixture.CredentialLogIn("ci-secret-value"));
        using var wrong = await service.LogInAsync(EmbeddedFixture.CredentialLogIn("another"));

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        var token = (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("token");
        Assert.Equal("reader", Assert.Single(token.GetProperty("roles").EnumerateArray()).GetProperty("name").GetString());
        Assert.Equal("ibm-default", token.GetProperty("project").GetProperty("name").GetString());
        Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
    }

    [Fact]
    public async Task A_wrong_password_an_unknown_user_a_foreign_project_and_an_invalid_token_get_the_same_answer()
    {
        object[] attempts =
        [
            EmbeddedFixture.PasswordLogIn("reader", "wrong"),
            EmbeddedFixture.PasswordLogIn("nobody"),
            EmbeddedFixture.PasswordLogIn("stranger"),
            new { auth = new { identity = new { methods = new[] { "token" }, token = new { id = "made-up" } } } },
        ];
        foreach (var attempt in attempts)
        {
            using var response = await service.LogInAsync(attempt);

            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
            Assert.Equal("""Keystone uri="http://localhost/identity" """.Trim(), Assert.Single(response.Headers.GetValues("WWW-Authenticate")));
            Assert.Equal(
                """{"error":{"code":401,"title":"Unauthorized","message":"The request you have made requires authentication."}}""",
                await response.Content.ReadAsStringAsync());
        }
    }

    [Theory]
    [InlineData("{}", "'auth' is a required property")]
    [InlineData("""{"auth":{"identity":{"methods":"password"}}}""", "'password' is not a list of strings")]
    [InlineData("""{"auth":{"identity":{"methods":[]}}}""", "1 to 8 items")]
    [InlineData("""{"auth":{"identity":{"methods":["password"],"token":{"id":"x"}}}}""", "'password' is a required property")]
    [InlineData("""{"auth":{"identity":{"methods":["password"],"password":{"user":{"name":"x","password":"y"}}}}}""", "a name needs its 'domain'")]
    [InlineData("""{"auth":{"identity":{"methods":["password"],"password":{"user":{"password":"y"}}}}}""", "it needs 'id', or 'name' and 'domain'")]
    [InlineData("""{"auth":{"identity":{"methods":["token"],"token":{"id":5}}}}""", "not of type 'string'")]
    [InlineData("""{"auth":{"identity":{"methods":["token"],"token":{"id":"x"}},"scope":{"tenant":{"id":"0"}}}}""", "exactly one of project, domain")]
    [InlineData("""{"auth":{"identity":{"methods":["token"],"token":{"id":"x"}},"scope":{"project":{"id":"0"},"domain":{"id":"default"}}}}""", "exactly one of project, domain")]
    [InlineData("""{"auth":{"identity":{"methods":["token"],"token":{"id":"x"}},"scope":{"project":{"name":"ibm-default"}}}}""", "a name needs its 'domain'")]
    public async Task An_incomplete_log_in_is_a_400_in_keystones_shape(string body, string reason)
    {
        using var response = await service.Client.PostAsync("/identity/v3/auth/tokens", new StringContent(body, null, "application/json"));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var error = (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error");
        Assert.Equal("Bad Request", error.GetProperty("title").GetString());
        Assert.Contains(reason, error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_revoked_token_is_unknown()
    {
        using var response = await service.LogInAsync(EmbeddedFixture.PasswordLogIn("reader"));
        var token = response.Headers.GetValues("X-Subject-Token").Single();

        using var before = await service.SendAsync(HttpMethod.Get, "/identity/v3/auth/tokens", token, null, ("X-Subject-Token", token));
        using var head = await service.SendAsync(HttpMethod.Head, "/identity/v3/auth/tokens", token, null, ("X-Subject-Token", token));
        using var revoked = await service.SendAsync(HttpMethod.Delete, "/identity/v3/auth/tokens", token, null, ("X-Subject-Token", token));
        using var after = await service.SendAsync(HttpMethod.Get, "/identity/v3/auth/projects", token);
        using var seen = await service.SendAsync(
            HttpMethod.Get, "/identity/v3/auth/tokens", await service.TokenOfAsync("admin"), null, ("X-Subject-Token", token));

        Assert.Equal(HttpStatusCode.OK, before.StatusCode);
        Assert.Equal(token, before.Headers.GetValues("X-Subject-Token").Single());
        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, revoked.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, after.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, seen.StatusCode);
    }

    [Fact]
    public async Task Only_an_administrator_sees_and_revokes_the_token_of_another_user()
    {
        var reader = await service.TokenOfAsync("reader");
        var member = await service.TokenOfAsync("member");

        using var refused = await service.SendAsync(HttpMethod.Delete, "/identity/v3/auth/tokens", member, null, ("X-Subject-Token", reader));
        using var shown = await service.SendAsync(
            HttpMethod.Get, "/identity/v3/auth/tokens", await service.TokenOfAsync("admin"), null, ("X-Subject-Token", reader));

        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Equal(HttpStatusCode.OK, shown.StatusCode);
    }

    [Theory]
    [InlineData("users?name=MEMBER", "users", new[] { "member" })]
    [InlineData("users?name=nobody", "users", new string[0])]
    [InlineData("users", "users", new[] { "admin", "member", "reader", "stranger" })]
    [InlineData("projects?name=Third", "projects", new[] { "third" })]
    public async Task An_administrator_finds_users_and_projects_by_name(string path, string kind, string[] names)
    {
        using var response = await service.SendAsync(HttpMethod.Get, $"/identity/v3/{path}", await service.TokenOfAsync("admin"));

        var found = (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty(kind).EnumerateArray();
        Assert.Equal(names, found.Select(entry => entry.GetProperty("name").GetString()));
    }

    [Fact]
    public async Task The_database_holds_only_digests_of_tokens()
    {
        var token = await service.TokenOfAsync("admin");

        await using var database = service.OpenDatabase();
        var records = await database.Tokens.AsNoTracking().ToListAsync();
        Assert.NotEmpty(records);
        Assert.All(records, record => Assert.Matches("^[0-9a-f]{64}$", record.Hash));
        await database.Database.ExecuteSqlRawAsync("PRAGMA wal_checkpoint(FULL)");
        Assert.DoesNotContain(token, System.Text.Encoding.Latin1.GetString(await ReadSharedAsync(service.Paths.Database)), StringComparison.Ordinal);
    }

    private static async Task<byte[]> ReadSharedAsync(string path)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var bytes = new MemoryStream();
        await file.CopyToAsync(bytes);
        return bytes.ToArray();
    }
}
