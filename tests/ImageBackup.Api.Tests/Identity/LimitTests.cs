using System.Net;
using ImageBackup.TestSupport;

namespace ImageBackup.Api.Tests.Identity;

public sealed class LimitTests
{
    [Fact]
    public async Task A_client_with_too_many_requests_gets_429_and_retry_after()
    {
        using var service = new ServiceFixture();
        service.Settings["ImageBackup:Limits:RequestsPerSecond"] = "1";
        service.Settings["ImageBackup:Limits:Burst"] = "3";

        HttpResponseMessage? refused = null;
        for (var i = 0; i < 50 && refused is null; i++)
        {
            var response = await service.Client.GetAsync("/healthcheck");
            refused = response.StatusCode == HttpStatusCode.OK ? null : response;
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, refused?.StatusCode);
        Assert.Equal("1", Assert.Single(refused!.Headers.GetValues("Retry-After")));
        Assert.StartsWith("{\"overLimit\":", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Headers_over_the_limit_are_a_431()
    {
        using var service = new RealPortServiceFixture();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/healthcheck");
        request.Headers.Add("X-Auth-Token", new string('x', 40 * 1024));

        using var response = await service.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.RequestHeaderFieldsTooLarge, response.StatusCode);
    }

    [Fact]
    public async Task Pages_run_only_their_own_scripts_and_refuse_frames()
    {
        using var service = new ServiceFixture();

        using var response = await service.Client.GetAsync("/swagger/index.html");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
        Assert.Contains("frame-ancestors 'none'", Assert.Single(response.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
    }
}
