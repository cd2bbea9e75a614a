using System.Net.Sockets;
using System.Reflection;
using System.Runtime.InteropServices;
using ImageBackup.Core.Errors;
using ImageBackup.Core.Settings;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace ImageBackup.Api.Hosting;

/// <summary>
/// One run of the service, from before its host is built to its end. SIGINT and SIGTERM end it normally at any moment. A start that fails prints
/// one line and exits with <see cref="ExitCodes.Usage"/>.
/// </summary>
internal sealed partial class ServiceRun : IHostedService, IDisposable
{
    private readonly PosixSignalRegistration[] signals;
    private IHostApplicationLifetime? lifetime;
    private bool isServing;

    public ServiceRun()
    {
        // In a test, the exception itself must reach the test.
        if (Assembly.GetEntryAssembly() == typeof(ServiceRun).Assembly)
        {
            AppDomain.CurrentDomain.UnhandledException += ExplainAndExit;
        }

        signals = [PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop), PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop)];
    }

    /// <summary>Starts the host and waits for its end. Returns the exit code.</summary>
    public async Task<int> RunAsync(WebApplication app)
    {
        lifetime = app.Lifetime;
        await using (app)
        {
            try
            {
                await StartAsync(app);
            }
            catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested)
            {
                await StopAsync(app);
                return ExitCodes.Done;
            }
            catch
            {
                await StopAsync(app);
                throw;
            }

            await app.WaitForShutdownAsync();
        }

        return ExitCodes.Done;
    }

    /// <summary>Records that other hosted services, such as the flow worker, may have started.</summary>
    Task IHostedService.StartAsync(CancellationToken cancellationToken)
    {
        isServing = true;
        return Task.CompletedTask;
    }

    Task IHostedService.StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => Array.ForEach(signals, signal => signal.Dispose());

    private static async Task StartAsync(WebApplication app)
    {
        try
        {
            await app.StartAsync();
        }
        catch (SocketException e)
        {
            throw new StartException($"The service cannot listen on {app.Configuration["urls"] ?? "an address of Kestrel:Endpoints"}: {e.Message}. Choose another address with --urls.", e);
        }

        var directory = app.Services.GetRequiredService<DataPaths>().Root;
        var page = ListenAddress.Page(Addresses(app));
        var logger = app.Services.GetRequiredService<ILogger<ServiceRun>>();
        LogStarted(logger, ServiceVersion.Current, directory, page);
    }

    /// <summary>Stops the services that a failed start has started. The host cannot stop before it has resolved its services.</summary>
    private Task StopAsync(WebApplication app) => isServing ? app.StopAsync() : Task.CompletedTask;

    private static ICollection<string> Addresses(WebApplication app)
        => app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses ?? [];

    private void Stop(PosixSignalContext signal)
    {
        signal.Cancel = true;
        if (lifetime is null)
        {
            // No service has started yet.
            Environment.Exit(ExitCodes.Done);
        }

        lifetime.StopApplication();
    }

    private void ExplainAndExit(object sender, UnhandledExceptionEventArgs unhandled)
    {
        var isStarted = lifetime is { ApplicationStarted.IsCancellationRequested: true };
        if (!isStarted && StartFailure.Explain((Exception)unhandled.ExceptionObject) is { } reason)
        {
            Console.Error.WriteLine(reason);
            Environment.Exit(ExitCodes.Usage);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "ImageBackup {Version} is ready. Data directory: {DataDirectory}. Web page: {Page}")]
    private static partial void LogStarted(ILogger logger, string version, string dataDirectory, string page);
}
