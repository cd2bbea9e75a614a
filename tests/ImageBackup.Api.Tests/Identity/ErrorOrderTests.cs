using System.Net;
using System.Text;
using ImageBackup.TestSupport;

namespace ImageBackup.Api.Tests.Identity;

/// <summary>The order in which a request with several errors is refused. A caller without a token learns nothing about routes, projects and bodies.</summary>
public sealed class ErrorOrderTests(EmbeddedFixture service) : IClassFixture<EmbeddedFixture>
{
    private const string OtherProject = $"/v3/{EmbeddedFixture.OtherProjectId}/cos";
    private static readonly string Large = new(' ', 120_000);

    [Fact]
    public async Task Each_corrected_error_shows_the_next_one()
    {
        var own = ServiceFixture.V3("/cos");
        (HttpStatusCode Status, string Message)[] seen =
        [
            await SendAsync(OtherProject, null, "volume 3.9999", "text/plain", Large),
            await SendAsync(OtherProject, null, "volume 3.9999", "text/plain", "{"),
            await SendAsync(OtherProject + "/no/route", "reader", "volume 3.9999", "text/plain", "{"),
            await SendAsync(OtherProject, "reader", "volume 3.9999", "text/plain", "{"),
            await SendAsync(OtherProject, "reader", "volume 3.50", "text/plain", "{"),
            await SendAsync(own, "reader", "volume 3.50", "text/plain", "{"),
            await SendAsync(own, "admin", "volume 3.50", "text/plain", "{"),
            await SendAsync(own, "admin", "volume 3.50", "application/json", "{"),
            await SendAsync(own, "admin", "volume 3.50", "application/json", "{}"),
        ];

        Assert.Equal(
            [
                HttpStatusCode.RequestEntityTooLarge, HttpStatusCode.Unauthorized, HttpStatusCode.NotFound, HttpStatusCode.NotAcceptable, HttpStatusCode.BadRequest,
                HttpStatusCode.Forbidden, HttpStatusCode.UnsupportedMediaType, HttpStatusCode.BadRequest, HttpStatusCode.BadRequest,
            ],
            seen.Select(answer => answer.Status));
        Assert.Contains("Malformed request url", seen[4].Message, StringComparison.Ordinal);
        Assert.Contains("Malformed request body", seen[7].Message, StringComparison.Ordinal);
        Assert.Contains("'cos' is a required property", seen[8].Message, StringComparison.Ordinal);
    }

    private async Task<(HttpStatusCode Status, string Message)> SendAsync(string path, string? user, string version, string contentType, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, contentType);
        var token = user is null ? null : await service.TokenOfAsync(user);
        using var response = await service.SendAsync(HttpMethod.Post, path, token, content, ("OpenStack-API-Version", version));
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}
