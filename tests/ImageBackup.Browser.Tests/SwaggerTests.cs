using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace ImageBackup.Browser.Tests;

/// <summary>Swagger UI: <c>Execute</c> works with every unchanged example.</summary>
[Collection(BrowserTests.Name)]
public sealed partial class SwaggerTests(Chromium chromium, SwaggerTests.Guarded service) : IClassFixture<SwaggerTests.Guarded>
{
    [Fact]
    public async Task The_unchanged_examples_log_in_and_export_an_image()
    {
        await using var visit = await Visit.StartAsync(chromium);
        var page = visit.Page;
        await page.GotoAsync($"{service.BaseAddress}/swagger");

        Assert.Contains("401", await ExecuteAsync(page, "Image_backups-postImageBackupsExportImage"), StringComparison.Ordinal);
        var logIn = await ExecuteAsync(page, "Identity-postIdentityV3AuthTokens");
        Assert.StartsWith("201", logIn, StringComparison.Ordinal);
        await page.Locator(".scheme-container .authorize").ClickAsync();
        await page.Locator(".auth-container input").FillAsync(Token().Match(logIn).Groups[1].Value);
        await page.Locator(".auth-btn-wrapper .authorize").ClickAsync();
        await page.Locator(".auth-btn-wrapper .btn-done").ClickAsync();
        var export = await ExecuteAsync(page, "Image_backups-postImageBackupsExportImage");

        Assert.StartsWith("201", export, StringComparison.Ordinal);
        Assert.Contains("\"task_uri\"", export, StringComparison.Ordinal);
        Assert.StartsWith("200", await ExecuteAsync(page, "Image_backups-getImageBackupsDetail"), StringComparison.Ordinal);
        visit.AssertQuiet();
    }

    /// <summary>Opens an operation, sends its unchanged example, and returns the shown status, body and headers.</summary>
    private static async Task<string> ExecuteAsync(IPage page, string operation)
    {
        var block = page.Locator($"#operations-{operation}");
        if (await block.Locator(".execute").CountAsync() == 0)
        {
            await block.Locator(".opblock-summary-control").ClickAsync();
            await block.Locator(".try-out__btn").ClickAsync();
        }
        else
        {
            await block.Locator(".btn-clear").ClickAsync();
        }

        await block.Locator(".execute").ClickAsync();
        return await block.Locator(".live-responses-table .response").InnerTextAsync();
    }

    [GeneratedRegex(@"x-subject-token:\s*(\S+)")]
    private static partial Regex Token();

    /// <summary>The service with the user of the document's examples.</summary>
    public sealed class Guarded : PageService
    {
        public Guarded()
        {
            Settings["ImageBackup:Auth:Mode"] = "Embedded";
            Settings["ImageBackup:Auth:Users:0:Name"] = "demo";
            Settings["ImageBackup:Auth:Users:0:Password"] = "secret";
        }
    }
}
