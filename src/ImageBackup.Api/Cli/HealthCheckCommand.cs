using System.CommandLine;
using ImageBackup.Api.Hosting;

namespace ImageBackup.Api.Cli;

/// <summary><c>healthcheck</c>: checks a running service, for containers without curl.</summary>
internal static class HealthCheckCommand
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    public static Command Create()
    {
        var url = new Option<string>("--url")
        {
            Description = "The address of the service. The default is the first of ASPNETCORE_URLS.",
            DefaultValueFactory = _ => ListenAddress.Local(Urls()),
            HelpName = "URL",
        };
        url.Validators.Add(result =>
        {
            if (!Uri.TryCreate(result.GetValueOrDefault<string>(), UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
            {
                result.AddError("--url takes an address such as http://127.0.0.1:9000.");
            }
        });
        var ready = new Option<bool>("--ready") { Description = "Also check the database, the disk and the object store." };
        var command = new Command("healthcheck", "Check that a running service answers. Exit code 0: it does. 1: it does not.") { url, ready };
        command.SetAction((parsed, cancellationToken) => RunAsync(new Uri(parsed.GetRequiredValue(url)), parsed.GetValue(ready), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(Uri url, bool ready, CancellationToken cancellationToken)
    {
        using var client = new HttpClient { Timeout = Longest };
        try
        {
            using var answer = await client.GetAsync(new Uri(url, ready ? "/healthcheck/ready" : "/healthcheck"), cancellationToken);
            Console.Out.WriteLine(await answer.Content.ReadAsStringAsync(cancellationToken));
            return answer.IsSuccessStatusCode ? ExitCodes.Done : ExitCodes.Failed;
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync($"{url} does not answer: {exception.Message}");
            return ExitCodes.Failed;
        }
    }

    private static string[] Urls()
        => (Environment.GetEnvironmentVariable("ASPNETCORE_URLS") ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
