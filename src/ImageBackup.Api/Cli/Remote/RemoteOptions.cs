using System.CommandLine;
using System.Net;
using ImageBackup.Api.Cli.Output;
using ImageBackup.Api.Hosting;
using ImageBackup.Client;

namespace ImageBackup.Api.Cli.Remote;

/// <summary>What the commands that call a service have in common: its address, JSON output, following, and exit codes.</summary>
internal sealed class RemoteOptions
{
    private readonly Option<string?> cloud = new("--cloud") { Description = "The cloud in clouds.yaml. The default is OS_CLOUD, and without that the OS_* variables.", HelpName = "NAME" };
    private readonly Option<string?> url = new("--url") { Description = $"The service's address, instead of those of Keystone's catalog. The default without Keystone is {CloudSettings.DefaultEndpoint}.", HelpName = "URL" };
    private readonly Option<bool> json = new("--json") { Description = "Print JSON." };
    private readonly Option<bool> quiet = FileCommand.Quiet();
    private readonly Option<bool> follow = new("--follow", "-f") { Description = "Wait for the end of the operation, and show its progress." };

    public RemoteOptions() => url.Validators.Add(result =>
    {
        if (!Uri.TryCreate(result.GetValueOrDefault<string>(), UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
        {
            result.AddError("--url takes an address such as http://127.0.0.1:9000.");
        }
    });

    /// <summary>Returns a command that calls the service.</summary>
    /// <param name="name">The command's name.</param>
    /// <param name="description">Its help text.</param>
    /// <param name="symbols">Its own arguments and options.</param>
    /// <param name="follows">Whether it can follow an operation.</param>
    /// <param name="runAsync">Runs it.</param>
    public Command Command(string name, string description, IReadOnlyList<Symbol> symbols, bool follows, Func<ParseResult, ImageBackupClient, RemoteOutput, CancellationToken, Task<int>> runAsync)
    {
        var command = new Command(name, description);
        command.AddAll(symbols);
        if (follows)
        {
            command.Add(follow);
        }

        command.Add(cloud);
        command.Add(url);
        command.Add(json);
        command.Add(quiet);
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed, follows, runAsync, cancellationToken));
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, bool follows, Func<ParseResult, ImageBackupClient, RemoteOutput, CancellationToken, Task<int>> runAsync, CancellationToken cancellationToken)
    {
        try
        {
            var settings = CloudSettings.Read(parsed.GetValue(cloud), Environment.GetEnvironmentVariable);
            using var client = new ImageBackupClient(parsed.GetValue(url) is { } given ? settings with { Endpoint = given } : settings);
            return await runAsync(parsed, client, new RemoteOutput(parsed.GetValue(json), follows && parsed.GetValue(follow), parsed.GetValue(quiet)), cancellationToken);
        }
        catch (ImageBackupException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return e.Status switch
            {
                HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => ExitCodes.NotPermitted,
                HttpStatusCode.NotFound => ExitCodes.NotFound,
                HttpStatusCode.ServiceUnavailable or HttpStatusCode.BadGateway or HttpStatusCode.GatewayTimeout => ExitCodes.Unreachable,
                _ => ExitCodes.Failed,
            };
        }
        catch (CloudSettingsException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return ExitCodes.Usage;
        }
        catch (HttpRequestException e)
        {
            await Console.Error.WriteLineAsync($"The service does not answer: {e.Message}");
            return ExitCodes.Unreachable;
        }
    }
}
