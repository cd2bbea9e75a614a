using System.Net;
using System.Net.Sockets;

namespace ImageBackup.TestSupport;

/// <summary>Loopback ports that are free at the moment.</summary>
public static class FreePorts
{
    /// <summary>Takes all ports at once, so that they differ.</summary>
    public static IReadOnlyList<int> Take(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        listeners.ForEach(listener => listener.Start());
        var ports = listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port).ToList();
        listeners.ForEach(listener => listener.Dispose());
        return ports;
    }
}
