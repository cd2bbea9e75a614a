using ImageBackup.Api.Auth;
using ImageBackup.Core.Errors;
using ImageBackup.Core.Settings;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;

namespace ImageBackup.Api.Hosting;

/// <summary>Stops a start that would serve addresses other than loopback with <c>Auth:Mode None</c>. Checks the addresses that the server actually bound.</summary>
internal sealed class AnonymousListening(IServer server, IOptions<AuthOptions> options) : IHostedLifecycleService
{
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        var addresses = server.Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        var open = addresses.FirstOrDefault(address => !IsLoopback(address));
        if (open is not null && options.Value.Is("None") && !options.Value.AllowAnonymousRemote)
        {
            throw new StartException(
                $"The service would listen on {open} without authentication, so that everybody who reaches it could read and delete everything. "
                + $"Listen on loopback (http://127.0.0.1:9000), set {AuthOptions.Section}:Mode to Embedded (with {AuthOptions.Section}:Users) or to Keystone, "
                + $"or set {AuthOptions.Section}:AllowAnonymousRemote to true.");
        }

        return Task.CompletedTask;
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static bool IsLoopback(string address)
    {
        var binding = BindingAddress.Parse(address);
        return binding.IsUnixPipe || AnonymousHandler.IsLoopback(binding.Host);
    }
}
