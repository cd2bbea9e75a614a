using System.Net;
using System.Net.Http.Json;
using ImageBackup.TestSupport;

namespace ImageBackup.Api.Tests.Identity;

/// <summary>The field owner of a new image.</summary>
public sealed class ImageOwnerTests(EmbeddedFixture service) : IClassFixture<EmbeddedFixture>
{
    [Theory]
    [InlineData("admin", EmbeddedFixture.OtherProjectId, HttpStatusCode.Forbidden)]
    [InlineData("member", EmbeddedFixture.OtherProjectId, HttpStatusCode.Forbidden)]
    [InlineData("member", ServiceFixture.ProjectId, HttpStatusCode.Created)]
    public async Task An_image_cannot_be_created_for_another_project(string user, string owner, HttpStatusCode expected)
    {
        using var answer = await service.SendAsync(HttpMethod.Post, "/v2/images", await service.TokenOfAsync(user), JsonContent.Create(new { name = "given-away", owner }));

        Assert.Equal(expected, answer.StatusCode);
    }
}
