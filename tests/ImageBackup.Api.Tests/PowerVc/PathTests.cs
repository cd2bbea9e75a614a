using System.Net;
using ImageBackup.TestSupport;

namespace ImageBackup.Api.Tests.PowerVc;

/// <summary>The paths that PowerVC's clients ask for.</summary>
public sealed class PathTests(ServiceFixture service) : IClassFixture<ServiceFixture>
{
    private const string Project = ServiceFixture.ProjectId;

    [Theory]
    [InlineData($"//v3/{Project}/types", $"/v3/{Project}/types")]
    [InlineData($"/v3/{Project}//volumes///detail", $"/v3/{Project}/volumes/detail")]
    [InlineData($"/v3/{Project}/volumes/detail.json", $"/v3/{Project}/volumes/detail")]
    [InlineData($"/v3/{Project}/os-availability-zone.json", $"/v3/{Project}/os-availability-zone")]
    [InlineData("/v2.0/images", "/v2/images")]
    [InlineData("/image/v2.0/images", "/image/v2/images")]
    [InlineData("//v2.0//images", "/v2/images")]
    public async Task Other_spellings_of_a_path_have_the_same_answer(string path, string usual)
    {
        var expected = await service.Client.GetJsonAsync(usual);
        var answer = await service.Client.GetJsonAsync(service.Client.BaseAddress!.GetLeftPart(UriPartial.Authority) + path);

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(expected.Body.GetRawText(), answer.Body.GetRawText());
    }

    [Fact]
    public async Task There_is_one_zone_and_no_snapshot()
    {
        var zones = await service.Client.GetJsonAsync(ServiceFixture.V3("/os-availability-zone"));

        Assert.Equal("""{"availabilityZoneInfo":[{"zoneName":"nova","zoneState":{"available":true}}]}""", zones.Body.GetRawText());
        Assert.Equal("""{"snapshots":[]}""", (await service.Client.GetJsonAsync(ServiceFixture.V3("/snapshots"))).Body.GetRawText());
        Assert.Equal("""{"snapshots":[]}""", (await service.Client.GetJsonAsync(ServiceFixture.V3("/snapshots/detail"))).Body.GetRawText());
    }
}
