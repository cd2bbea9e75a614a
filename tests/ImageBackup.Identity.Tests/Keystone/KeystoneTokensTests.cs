using System.Net;
using ImageBackup.Identity.Keystone;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace ImageBackup.Identity.Tests.Keystone;

public sealed class KeystoneTokensTests : HttpMessageHandler, IHttpClientFactory
{
    private const string Scoped = """{"token":{"user":{"id":"u1"},"project":{"id":"p1"},"roles":[{"name":"Image_Manager"},{"name":"auditor"}],"expires_at":"2026-11-24T13:00:00Z"}}""";

    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero));
    private readonly KeystoneTokens _tokens;
    private readonly KeystoneClient _client;
    private readonly List<string> _requests = [];
    private Queue<(HttpStatusCode Status, string Body)> _answers = [];
    private int _logIns;

    public KeystoneTokensTests()
    {
        var options = Options.Create(new KeystoneOptions
        {
            AuthUrl = "http://keystone.example:5000",
            Username = "imagebackup",
            Password = "the service",
            Roles = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { ["image_manager"] = "member" },
        });
        _client = new KeystoneClient(this, options, _clock, NullLogger<KeystoneClient>.Instance);
        _tokens = new KeystoneTokens(_client, options, _clock);
    }

    [Fact]
    public async Task Roles_are_translated_and_implied_roles_are_added()
    {
        _answers = new([(HttpStatusCode.OK, Scoped)]);

        var token = await FindAsync("a");

        Assert.Equal(("u1", "p1"), (token!.UserId, token.ProjectId));
        Assert.Equal(["member", "auditor", "reader"], token.Roles);
        Assert.Equal(["POST /v3/auth/tokens?nocatalog", "GET /v3/auth/tokens?nocatalog service-1 a"], _requests);
    }

    [Fact]
    public async Task An_answer_is_reused_for_the_cache_time_and_no_longer()
    {
        _answers = new([(HttpStatusCode.OK, Scoped), (HttpStatusCode.NotFound, "")]);

        Assert.NotNull(await FindAsync("a"));
        _clock.Advance(TimeSpan.FromSeconds(59));
        Assert.NotNull(await FindAsync("a"));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(await FindAsync("a"));
        Assert.Null(await FindAsync("a"));

        Assert.Empty(_answers);
    }

    [Fact]
    public async Task An_expired_token_is_refused_although_keystone_accepts_it()
    {
        _clock.Advance(TimeSpan.FromHours(1));
        _answers = new([(HttpStatusCode.OK, Scoped)]);

        Assert.Null(await FindAsync("a"));
    }

    [Fact]
    public async Task A_token_without_a_project_has_none()
    {
        _answers = new([(HttpStatusCode.OK, """{"token":{"user":{"id":"u1"},"expires_at":"2026-11-24T13:00:00Z"}}""")]);

        var token = await FindAsync("a");

        Assert.Null(token!.ProjectId);
        Assert.Empty(token.Roles);
    }

    [Fact]
    public async Task The_service_logs_in_again_when_its_own_token_was_revoked()
    {
        _answers = new([(HttpStatusCode.Unauthorized, ""), (HttpStatusCode.OK, Scoped)]);

        Assert.NotNull(await FindAsync("a"));

        Assert.Equal("GET /v3/auth/tokens?nocatalog service-2 a", _requests[^1]);
    }

    [Theory]
    [InlineData(HttpStatusCode.InternalServerError, "")]
    [InlineData(HttpStatusCode.Forbidden, "")]
    [InlineData(HttpStatusCode.OK, "<html>")]
    [InlineData(HttpStatusCode.OK, """{"token":{}}""")]
    [InlineData(HttpStatusCode.OK, """{"token":{"user":{"id":5},"expires_at":"soon"}}""")]
    public async Task An_answer_that_no_keystone_gives_makes_it_unavailable(HttpStatusCode status, string body)
    {
        _answers = new([(status, body)]);

        await Assert.ThrowsAsync<KeystoneUnavailableException>(() => FindAsync("a"));
    }

    public HttpClient CreateClient(string name) => new(this, disposeHandler: false);

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var tokens = ((string[])["X-Auth-Token", "X-Subject-Token"]).SelectMany(header => request.Headers.TryGetValues(header, out var values) ? values : []);
        _requests.Add(string.Join(' ', [request.Method.Method, request.RequestUri!.PathAndQuery, .. tokens]));
        var (status, body) = request.Method == HttpMethod.Post ? (HttpStatusCode.Created, Scoped) : _answers.Dequeue();
        var response = new HttpResponseMessage(status) { Content = new StringContent(body, null, "application/json") };
        if (request.Method == HttpMethod.Post)
        {
            response.Headers.Add("X-Subject-Token", $"service-{++_logIns}");
        }

        return Task.FromResult(response);
    }

    protected override void Dispose(bool disposing)
    {
        _tokens.Dispose();
        _client.Dispose();
        base.Dispose(disposing);
    }

    private Task<KeystoneToken?> FindAsync(string token) => _tokens.FindAsync(token, CancellationToken.None).AsTask();
}
