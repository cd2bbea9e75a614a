using System.Net;
using ImageBackup.TestSupport;

namespace ImageBackup.Api.Tests.Identity;

/// <summary>Searches the most verbose log for secrets.</summary>
public sealed class SecretsTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly EmbeddedFixture _service = new();

    public void Dispose()
    {
        _service.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task Passwords_and_tokens_are_never_logged()
    {
        var output = Console.Out;
        using var log = new StringWriter();
        var writer = TextWriter.Synchronized(log);
        Console.SetOut(writer);
        var tokens = new List<string>();
        try
        {
            _service.Settings["Serilog:MinimumLevel:Default"] = "Verbose";
            _service.Settings["Serilog:MinimumLevel:Override:Microsoft"] = "Verbose";
            _service.Settings["Serilog:MinimumLevel:Override:Microsoft.AspNetCore"] = "Verbose";
            tokens.Add(await _service.TokenOfAsync("admin"));
            tokens.Add(await _service.TokenOfAsync("reader"));
            using var wrong = await _service.LogInAsync(EmbeddedFixture.PasswordLogIn("member", "a-wrong-password"));
            using var shown = await _service.SendAsync(HttpMethod.Get, "/identity/v3/auth/tokens", tokens[0], null, ("X-Subject-Token", tokens[1]));
            using var denied = await _service.SendAsync(HttpMethod.Post, ServiceFixture.V3("/cos"), tokens[1]);
            using var revoked = await _service.SendAsync(HttpMethod.Delete, "/identity/v3/auth/tokens", tokens[0], null, ("X-Subject-Token", tokens[1]));
            using var used = await _service.SendAsync(HttpMethod.Get, ServiceFixture.V3("/volumes"), "a-made-up-token");
            Assert.Equal(HttpStatusCode.NoContent, revoked.StatusCode);
            await _service.StopAsync();
        }
        finally
        {
            Console.SetOut(output);
        }

        var text = log.ToString();
        Assert.Contains("logged in", text, StringComparison.Ordinal);
        Assert.Contains("failed", text, StringComparison.Ordinal);
        string[] secrets = [EmbeddedFixture.PasswordOf("admin"), EmbeddedFixture.PasswordOf("reader"), "a-wrong-password", "a-made-up-token", .. tokens];
        Assert.All(secrets, secret => Assert.DoesNotContain(secret, text, StringComparison.Ordinal));
    }
}
