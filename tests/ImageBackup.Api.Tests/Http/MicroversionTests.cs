using System.Net;
using ImageBackup.TestSupport;

namespace ImageBackup.Api.Tests.Http;

public sealed class MicroversionTests(ServiceFixture service) : IClassFixture<ServiceFixture>
{
    private const string Header = "OpenStack-API-Version";

    [Theory]
    [InlineData(null, "volume 3.0")]
    [InlineData("volume 3.50", "volume 3.50")]
    [InlineData("volume latest", "volume 3.71")]
    [InlineData("compute 2.90, volume 3.27", "volume 3.27")]
    [InlineData("compute 2.90", "volume 3.0")]
    public async Task The_microversion_of_a_request_is_echoed(string? sent, string echoed)
    {
        var answer = await CallAsync(service.Client, ServiceFixture.V3("/types"), sent);

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(echoed, answer.Headers[Header]);
        Assert.Equal(Header, answer.Headers["Vary"]);
    }

    [Fact]
    public async Task A_microversion_out_of_range_is_a_406_that_names_the_range()
    {
        var answer = await CallAsync(service.Client, ServiceFixture.V3("/types"), "volume 3.99");

        Assert.Equal(HttpStatusCode.NotAcceptable, answer.Status);
        Assert.Equal("Version 3.99 is not supported by the API. Minimum is 3.0 and maximum is 3.71.", answer.Message);
    }

    [Theory]
    [InlineData("volume 3")]
    [InlineData("volume three.fifty")]
    [InlineData("volume")]
    [InlineData("volume 3.5 0")]
    public async Task A_malformed_microversion_is_a_400(string sent)
    {
        var answer = await CallAsync(service.Client, ServiceFixture.V3("/types"), sent);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Contains("is of invalid format", answer.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_route_is_a_404_for_every_microversion()
    {
        var answer = await CallAsync(service.Client, ServiceFixture.V3("/nowhere"), "volume 9.99");

        Assert.Equal(HttpStatusCode.NotFound, answer.Status);
        Assert.Equal("volume 3.0", answer.Headers[Header]);
        Assert.Equal(Header, answer.Headers["Vary"]);
    }

    [Fact]
    public async Task Errors_carry_the_microversion()
    {
        var answer = await CallAsync(service.Client, ServiceFixture.V3("/volumes/none"), "volume 3.50");

        Assert.Equal(HttpStatusCode.NotFound, answer.Status);
        Assert.Equal("volume 3.50", answer.Headers[Header]);
        Assert.StartsWith("req-", answer.Headers["x-compute-request-id"], StringComparison.Ordinal);
    }

    private static Task<JsonAnswer> CallAsync(HttpClient client, string path, string? version)
        => client.CallAsync(HttpMethod.Get, path, headers: version is null ? [] : [(Header, version)]);
}
