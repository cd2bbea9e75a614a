using System.Collections.Concurrent;
using System.Text.Json;
using ImageBackup.TestSupport;
using Microsoft.Playwright;

namespace ImageBackup.Browser.Tests;

/// <summary>One visitor of the page: a separate browser profile, and the errors that occurred in it.</summary>
internal sealed class Visit : IAsyncDisposable
{
    /// <summary>WCAG 2.2 AA and axe's best practices.</summary>
    private static readonly string[] Rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

    private readonly ConcurrentQueue<string> _problems = [];
    private readonly IBrowserContext _context;

    private Visit(IBrowserContext context, IPage page)
    {
        (_context, Page) = (context, page);
        page.Console += (_, message) => Note(message);
        page.PageError += (_, error) => _problems.Enqueue(error);
        page.SetDefaultTimeout(15_000);
    }

    public IPage Page { get; }

    public IBrowserContext Context => _context;

    public static async Task<Visit> StartAsync(Chromium chromium, ColorScheme scheme = ColorScheme.Light, int width = 1200)
    {
        var context = await (await chromium.BrowserAsync()).NewContextAsync(new BrowserNewContextOptions
        {
            ColorScheme = scheme,
            ViewportSize = new ViewportSize { Width = width, Height = 820 },
        });
        return new Visit(context, await context.NewPageAsync());
    }

    /// <summary>Fails if the browser's console has errors or warnings, or if a script threw. Refused requests do not count.</summary>
    public void AssertQuiet() => Assert.Empty(_problems);

    /// <summary>Fails with the violations that axe finds.</summary>
    public async Task AssertAccessibleAsync(string where)
    {
        await Page.EvaluateAsync(Axe());
        var violations = await Page.EvaluateAsync<JsonElement>(
            "async (rules) => (await axe.run(document, { runOnly: rules })).violations.map((v) => ({ rule: v.id, nodes: v.nodes.map((n) => n.html + ' ' + n.failureSummary) }))",
            Rules);
        Assert.True(violations.GetArrayLength() == 0, $"{where}: {violations}");
    }

    /// <summary>The text of the element that has the focus, or its label.</summary>
    public Task<string> FocusedAsync()
        => Page.EvaluateAsync<string>("() => { const e = document.activeElement; return (e.getAttribute('aria-label') ?? e.name) || e.textContent.trim(); }");

    /// <summary>Presses Tab until the element named <paramref name="name"/> has the focus.</summary>
    public async Task TabToAsync(string name)
    {
        var seen = new List<string>();
        for (var i = 0; i < 40; i++)
        {
            await Page.Keyboard.PressAsync("Tab");
            var focused = await FocusedAsync();
            if (focused == name)
            {
                return;
            }

            seen.Add(focused);
        }

        Assert.Fail($"Tab does not lead to '{name}', but to: {string.Join(" | ", seen)}");
    }

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();

    private static string Axe()
    {
        var directory = typeof(Visit).Assembly.GetCustomAttributes(typeof(System.Reflection.AssemblyMetadataAttribute), false)
            .Cast<System.Reflection.AssemblyMetadataAttribute>().Single(entry => entry.Key == "SourceDirectory").Value!;
        var path = Path.Combine(directory, "node_modules", "axe-core", "axe.min.js");
        Requires.NodeModule(path, directory);
        return File.ReadAllText(path);
    }

    private void Note(IConsoleMessage message)
    {
        // Chromium writes a line for every status of 400 and above, and for every failed connection.
        if (message.Type is "error" or "warning" && !message.Text.StartsWith("Failed to load resource", StringComparison.Ordinal))
        {
            _problems.Enqueue($"{message.Type}: {message.Text}");
        }
    }
}
