using System.Net;
using ImageBackup.Core.Settings;
using Microsoft.Playwright;

namespace ImageBackup.Browser.Tests;

[Collection(BrowserTests.Name)]
public sealed class FirstVisitTests(Chromium chromium, PageService service) : IClassFixture<PageService>
{
    private const int Kibibyte = 1024;

    [Fact]
    public async Task A_browser_at_the_root_is_redirected_to_the_page_which_is_smaller_than_100_KiB()
    {
        await using var visit = await Visit.StartAsync(chromium);
        var page = visit.Page;
        var network = await visit.Context.NewCDPSessionAsync(page);
        await network.SendAsync("Network.enable");
        var transferred = 0.0;
        network.Event("Network.loadingFinished").OnEvent += (_, finished) => transferred += finished!.Value.GetProperty("encodedDataLength").GetDouble();

        await page.GotoAsync(service.BaseAddress);
        await page.Locator(".empty").WaitForAsync();

        Assert.Equal(service.PageAddress(), page.Url);
        await Assertions.Expect(page.Locator(".empty")).ToContainTextAsync("No image backups yet");
        Assert.InRange(transferred, 10 * Kibibyte, 100 * Kibibyte);
        visit.AssertQuiet();
    }

    [Fact]
    public async Task The_document_preloads_every_module()
    {
        await using var visit = await Visit.StartAsync(chromium);
        var page = visit.Page;

        await page.GotoAsync(service.PageAddress());
        await page.Locator("main h1").WaitForAsync();

        var loaded = await page.EvaluateAsync<string[]>("() => performance.getEntriesByType('resource').map((entry) => entry.name).filter((name) => name.endsWith('.js'))");
        var named = await page.EvaluateAsync<string[]>("() => [...document.querySelectorAll('link[rel=modulepreload], script')].map((element) => element.href ?? element.src)");
        Assert.Equal(named.Order(StringComparer.Ordinal), loaded.Distinct().Order(StringComparer.Ordinal));
        visit.AssertQuiet();
    }

    [Fact]
    public async Task The_footer_shows_the_version_of_the_service()
    {
        await using var visit = await Visit.StartAsync(chromium);

        await visit.Page.GotoAsync(service.PageAddress());

        await Assertions.Expect(visit.Page.Locator("footer")).ToContainTextAsync($"ImageBackup {ServiceVersion.Current}");
        visit.AssertQuiet();
    }

    [Theory]
    [InlineData("/ui/")]
    [InlineData("/ui/main.js")]
    [InlineData("/ui/views/backups.js")]
    [InlineData("/ui/app.css")]
    public async Task An_unchanged_file_is_not_sent_again(string path)
    {
        using var first = await service.Client.GetAsync(path);
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        using var second = await service.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        Assert.True(first.Headers.CacheControl!.NoCache);
        Assert.Contains("script-src 'self';", Assert.Single(first.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
    }

    [Theory]
    [InlineData("/ui/nothing.js")]
    [InlineData("/ui/../appsettings.json")]
    [InlineData("/ui/%2e%2e/main.js")]
    public async Task A_path_outside_the_page_is_not_found(string path)
    {
        using var response = await service.Client.GetAsync(path);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Theory]
    [InlineData("/ui")]
    [InlineData("/")]
    public async Task A_browser_is_redirected_to_the_page(string path)
    {
        using var browser = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        using var request = new HttpRequestMessage(HttpMethod.Get, service.BaseAddress + path);
        request.Headers.Accept.ParseAdd("text/html,application/xhtml+xml;q=0.9,*/*;q=0.8");
        using var response = await browser.SendAsync(request);

        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        Assert.Equal("/ui/", response.Headers.Location!.OriginalString);
    }

    [Fact]
    public async Task A_client_at_the_root_gets_the_version_list()
    {
        using var response = await service.Client.GetAsync("/");

        Assert.Equal(HttpStatusCode.MultipleChoices, response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType!.MediaType);
    }
}
