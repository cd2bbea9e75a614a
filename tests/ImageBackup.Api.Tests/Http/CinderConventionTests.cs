using System.Net;
using System.Text.Json;
using ImageBackup.TestSupport;

namespace ImageBackup.Api.Tests.Http;

public sealed class CinderConventionTests(ServiceFixture service) : IClassFixture<ServiceFixture>
{
    [Fact]
    public async Task The_root_is_a_300_with_the_version_list_of_Cinder()
    {
        using var response = await service.Client.GetAsync("/");

        Assert.Equal(HttpStatusCode.MultipleChoices, response.StatusCode);
        using var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        var version = Assert.Single(body.RootElement.GetProperty("versions").EnumerateArray());
        Assert.Equal("v3.0", version.GetProperty("id").GetString());
        Assert.Equal("3.71", version.GetProperty("version").GetString());
        Assert.EndsWith("/v3/", version.GetProperty("links")[1].GetProperty("href").GetString(), StringComparison.Ordinal);
        Assert.Equal("application/json", version.GetProperty("media-types")[0].GetProperty("base").GetString());
    }

    [Theory]
    [InlineData("/v3")]
    [InlineData("/v3/")]
    public async Task Version_discovery_is_a_200_with_and_without_a_slash(string path)
    {
        using var response = await service.Client.GetAsync(path);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/healthcheck")]
    [InlineData("/nowhere")]
    public async Task Every_answer_carries_both_request_ids(string path)
    {
        using var response = await service.Client.GetAsync(path);

        var id = Assert.Single(response.Headers.GetValues("x-openstack-request-id"));
        Assert.Matches("^req-[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$", id);
        Assert.Equal(id, Assert.Single(response.Headers.GetValues("x-compute-request-id")));
    }

    [Theory]
    [InlineData("GET", "/nowhere")]
    [InlineData("DELETE", "/healthcheck")]
    [InlineData("GET", "/v3/not-hex/volumes")]
    public async Task An_unknown_route_and_a_wrong_method_are_the_404_of_Cinder(string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var response = await service.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal(
            """{"itemNotFound":{"code":404,"message":"The resource could not be found."}}""",
            await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task The_health_check_has_the_shape_of_oslo_middleware()
    {
        Assert.Equal("OK", await service.Client.GetStringAsync("/healthcheck"));

        using var head = await service.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/healthcheck"));
        Assert.Equal(HttpStatusCode.NoContent, head.StatusCode);

        using var json = new HttpRequestMessage(HttpMethod.Get, "/healthcheck");
        json.Headers.Accept.ParseAdd("application/json");
        using var answer = await service.Client.SendAsync(json);
        Assert.Equal("""{"detailed":false,"reasons":["OK"]}""", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Readiness_names_its_checks()
    {
        var body = await service.Client.GetStringAsync("/healthcheck/ready");

        Assert.Contains("\"ready\":true", body, StringComparison.Ordinal);
        Assert.Contains("\"database\":\"OK\"", body, StringComparison.Ordinal);
    }
}
