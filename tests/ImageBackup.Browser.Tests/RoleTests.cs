using Microsoft.Playwright;

namespace ImageBackup.Browser.Tests;

/// <summary>The page of a user who only reads, and of a service with another project.</summary>
[Collection(BrowserTests.Name)]
public sealed class RoleTests(Chromium chromium, RoleTests.Guarded guarded, RoleTests.OtherProject other) : IClassFixture<RoleTests.Guarded>, IClassFixture<RoleTests.OtherProject>
{
    [Fact]
    public async Task A_reader_sees_no_actions_and_a_member_none_of_an_administrator()
    {
        await using var visit = await Visit.StartAsync(chromium);
        var page = visit.Page;
        await page.GotoAsync(guarded.PageAddress());
        await LogInAsync(page, "member");
        await page.Locator(".view-head button", new() { HasText = "Export an image" }).ClickAsync();
        await page.Locator("dialog input[name=name]").FillAsync("of the member");
        await page.Locator("dialog input[name=upload_to_cos]").UncheckAsync();
        await page.Locator("dialog button[type=submit]").ClickAsync();
        await Assertions.Expect(page.Locator(".title-line .badge")).ToHaveTextAsync("Available");
        await Assertions.Expect(page.Locator(".view-head .actions button", new() { HasText = "Delete" })).ToBeVisibleAsync();
        await page.Locator("#tabs a", new() { HasText = "Nodes" }).ClickAsync();
        await Assertions.Expect(page.Locator(".row")).ToContainTextAsync("Local backup node");
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Register a node" })).ToHaveCountAsync(0);
        await page.Locator("summary[aria-label='Actions for Local backup node']").ClickAsync();
        await Assertions.Expect(page.Locator(".menu[open] .menu-item")).ToHaveTextAsync(["Import an OVA", "Import a raw disk"]);

        await page.Locator("#session button", new() { HasText = "Log out" }).ClickAsync();
        await LogInAsync(page, "reader");
        await page.Locator("#tabs a", new() { HasText = "Backups" }).ClickAsync();
        await Assertions.Expect(page.Locator(".rows > .row")).ToContainTextAsync("of the member");
        await Assertions.Expect(page.Locator("main .button.primary, main input[type=checkbox]")).ToHaveCountAsync(0);
        await page.Locator(".rows > .row summary").ClickAsync();
        await Assertions.Expect(page.Locator(".menu[open] .menu-item")).ToHaveTextAsync(["Details"]);
        await page.Locator(".menu[open] .menu-item").ClickAsync();
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync("of the member");
        await Assertions.Expect(page.Locator(".view-head .actions button")).ToHaveCountAsync(0);
        await page.Locator("#tabs a", new() { HasText = "Images" }).ClickAsync();
        await Assertions.Expect(page.Locator(".row")).ToContainTextAsync("demo-aix");
        await Assertions.Expect(page.Locator("main .row button, main .view-head button")).ToHaveCountAsync(0);
        await visit.AssertAccessibleAsync("the images of a reader");
        visit.AssertQuiet();
    }

    [Fact]
    public async Task The_page_shows_the_project_of_the_settings()
    {
        await using var visit = await Visit.StartAsync(chromium);
        var page = visit.Page;
        var asked = page.WaitForRequestAsync(request => request.Url.Contains("/image-backups/detail", StringComparison.Ordinal));

        await page.GotoAsync(other.PageAddress());

        Assert.Contains($"/v3/{OtherProject.Id}/", (await asked).Url, StringComparison.Ordinal);
        await Assertions.Expect(page.Locator("#session .chip").First).ToHaveAttributeAsync("title", OtherProject.Id);
        visit.AssertQuiet();
    }

    private static async Task LogInAsync(IPage page, string user)
    {
        await page.Locator(".log-in input[name=user]").FillAsync(user);
        await page.Locator(".log-in input[name=password]").FillAsync(Guarded.Password);
        await page.Locator(".log-in button", new() { HasText = "Log in" }).ClickAsync();
    }

    /// <summary>The service with a member and a reader.</summary>
    public sealed class Guarded : PageService
    {
        public const string Password = "correct horse battery";

        public Guarded()
        {
            Settings["ImageBackup:Auth:Mode"] = "Embedded";
            foreach (var (number, role) in new[] { "member", "reader" }.Index())
            {
                Settings[$"ImageBackup:Auth:Users:{number}:Name"] = role;
                Settings[$"ImageBackup:Auth:Users:{number}:Password"] = Password;
                Settings[$"ImageBackup:Auth:Users:{number}:Roles:0"] = role;
            }
        }
    }

    /// <summary>The service with another project than IBM's.</summary>
    public sealed class OtherProject : PageService
    {
        public const string Id = "0123456789abcdef0123456789abcdef";

        public OtherProject() => Settings["ImageBackup:Auth:ProjectId"] = Id;
    }
}
