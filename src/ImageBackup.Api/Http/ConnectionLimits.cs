using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace ImageBackup.Api.Http;

/// <summary>
/// Bounds the connections of one client address, so that one client cannot take all of <see cref="LimitOptions.MaxConnections"/>, and ends
/// connections that send nothing.
/// </summary>
internal sealed partial class ConnectionLimits(IOptions<LimitOptions> limits, IConfiguration configuration, TimeProvider clock, ILogger<ConnectionLimits> logger)
{
    private readonly ConcurrentDictionary<string, int> connections = new();
    private readonly TrustedProxies proxies = TrustedProxies.Of(configuration);

    /// <summary>Serves one connection, or ends it if its client has too many.</summary>
    public async Task ServeAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        var address = (connection.RemoteEndPoint as IPEndPoint)?.Address;
        var client = address is null || proxies.Contains(address) ? null : ClientAddress.Network(address);
        if (client is not null && connections.AddOrUpdate(client, 1, (_, count) => count + 1) is var count && count > limits.Value.ConnectionsPerClient)
        {
            if (count == limits.Value.ConnectionsPerClient + 1)
            {
                LogRefused(address!, limits.Value.ConnectionsPerClient);
            }

            Leave(client);
            return;
        }

        try
        {
            if (await SendsAsync(connection.Transport.Input))
            {
                await next(connection);
            }
        }
        finally
        {
            if (client is not null)
            {
                Leave(client);
            }
        }
    }

    /// <summary>Waits for the first byte and leaves it unread.</summary>
    private async Task<bool> SendsAsync(PipeReader input)
    {
        using var timeout = new CancellationTokenSource(limits.Value.FirstRequestTimeout, clock);
        try
        {
            var first = await input.ReadAsync(timeout.Token);
            input.AdvanceTo(first.Buffer.Start);
            return !first.Buffer.IsEmpty;
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested)
        {
            return false;
        }
        catch (ConnectionResetException)
        {
            return false;
        }
    }

    private void Leave(string client)
    {
        if (connections.AddOrUpdate(client, 0, (_, count) => count - 1) == 0)
        {
            // Removes the entry only if no connection came in between.
            connections.TryRemove(KeyValuePair.Create(client, 0));
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Connections from {Address} are refused: it has {Limit} connections (Limits:ConnectionsPerClient)")]
    private partial void LogRefused(IPAddress address, int limit);
}
