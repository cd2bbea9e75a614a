using System.Text.Json;
using ImageBackup.Api.Cli;
using ImageBackup.Identity.Users;
using ImageBackup.TestSupport;

namespace ImageBackup.Api.Tests.Commands;

/// <summary>Commands for the health, the nodes and the users of a service.</summary>
public sealed class ServiceCommandTests : IDisposable
{
    private readonly RealPortServiceFixture service = new();

    [Theory]
    [InlineData("local")]
    [InlineData("Local backup node")]
    [InlineData("127.0.0.1")]
    public async Task Fast_compression_of_a_node_is_set_while_the_service_runs(string node)
    {
        _ = service.Client;

        var on = await ConfigureAsync(node, "True");
        var whileOn = await FastCompressionAsync();
        var off = await ConfigureAsync(node, "false");

        Assert.True(on.ExitCode == 0, on.Errors);
        Assert.True(whileOn);
        Assert.Equal(0, off.ExitCode);
        Assert.False(await FastCompressionAsync());
    }

    [Fact]
    public async Task A_node_is_configured_while_the_service_is_stopped()
    {
        _ = service.Client;
        await service.StopAsync();

        var run = await ConfigureAsync("local", "True");

        Assert.True(run.ExitCode == 0, run.Errors);
        Assert.True(await FastCompressionAsync());
    }

    [Fact]
    public async Task An_unknown_node_and_a_missing_database_are_reported()
    {
        _ = service.Client;

        var unknown = await ConfigureAsync("vm-9", "True");
        var missing = await ProgramRun.CommandAsync(
            ["config", "storage", "backup-service", "posix", "--backup-node", "local", "--fast-compression", "True", "--data-directory", "/no/such/directory"]);

        Assert.Equal(1, unknown.ExitCode);
        Assert.Contains("vm-9", unknown.Errors, StringComparison.Ordinal);
        Assert.Equal(1, missing.ExitCode);
        Assert.Contains("/no/such/directory/imagebackup.db", missing.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_health_check_command_ends_with_an_exit_code()
    {
        var alive = await ProgramRun.CommandAsync(["healthcheck", "--url", service.BaseAddress]);
        var ready = await ProgramRun.CommandAsync(["healthcheck", "--ready"], new Dictionary<string, string> { ["ASPNETCORE_URLS"] = service.BaseAddress.Replace("127.0.0.1", "+", StringComparison.Ordinal) });
        var gone = await ProgramRun.CommandAsync(["healthcheck", "--url", $"http://127.0.0.1:{FreePorts.Take(1)[0]}"]);

        Assert.True(alive.ExitCode == 0, alive.Errors);
        Assert.True(ready.ExitCode == 0, ready.Errors);
        Assert.Contains("\"object_store\":\"OK\"", ready.Output, StringComparison.Ordinal);
        Assert.Equal(1, gone.ExitCode);
    }

    [Fact]
    public async Task A_user_logs_in_with_a_hashed_password()
    {
        var run = await ProgramRun.RunAsync("bash", ["-c", $"printf 'open sesame\\n' | dotnet '{Path.Combine(AppContext.BaseDirectory, "ImageBackup.Api.dll")}' hash-password"]);

        var hash = PasswordHash.Parse(run.Output);
        Assert.True(hash!.Verify("open sesame"));
        Assert.False(hash.Verify("open sesamE"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(true, "serve")]
    [InlineData(true, "--urls", "http://127.0.0.1:1")]
    [InlineData(true, "serve", "--urls", "http://127.0.0.1:1")]
    [InlineData(false, "--help")]
    [InlineData(false, "serve", "--help")]
    [InlineData(false, "ova", "inspect", "x")]
    [InlineData(false, "sevre")]
    public void The_program_starts_the_service_without_a_command(bool isServe, params string[] arguments)
        => Assert.Equal(isServe, CommandLine.IsServe(arguments, out _));

    public void Dispose() => service.Dispose();

    private Task<ProgramRun> ConfigureAsync(string node, string fast)
        => ProgramRun.CommandAsync(
            ["config", "storage", "backup-service", "posix", "--backup-node", node, "--fast-compression", fast],
            new Dictionary<string, string> { ["ImageBackup__DataDirectory"] = service.DataDirectory });

    private async Task<bool> FastCompressionAsync()
    {
        using var answer = JsonDocument.Parse(await service.Client.GetStringAsync(new Uri(ServiceFixture.V3("/backup-nodes/local"), UriKind.Relative)));
        return answer.RootElement.GetProperty("backup_node").GetProperty("registration").GetProperty("fast_compression").GetBoolean();
    }
}
