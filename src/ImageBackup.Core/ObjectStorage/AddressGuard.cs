using System.Net;
using System.Net.Sockets;

namespace ImageBackup.Core.ObjectStorage;

/// <summary>
/// Connects to public addresses only. The check looks at the very address of the connection, so a name that later resolves to another address does not pass.
/// </summary>
internal static class AddressGuard
{
    /// <summary>The networks that are not public: https://www.iana.org/assignments/iana-ipv4-special-registry and iana-ipv6-special-registry.</summary>
    private static readonly IPNetwork[] Special =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.168.0.0/16",
            "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3",
            "::/96", "64:ff9b::/32", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "fc00::/7", "fe80::/9", "ff00::/8",
        }.Select(network => IPNetwork.Parse(network)),
    ];

    /// <summary>Makes a handler connect to public addresses only, and without a proxy, which would resolve names itself.</summary>
    /// <param name="handler">The handler.</param>
    /// <param name="refusal">Returns the message for a host that has another address.</param>
    public static void Protect(SocketsHttpHandler handler, Func<string, string> refusal)
    {
        handler.UseProxy = false;
        handler.ConnectCallback = (context, cancellationToken) => ConnectAsync(context.DnsEndPoint, refusal, cancellationToken);
    }

    /// <summary>Returns false for loopback, private, link-local, multicast and reserved addresses, also if IPv6 embeds them.</summary>
    public static bool IsPublic(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return !Special.Any(network => network.Contains(plain));
    }

    /// <exception cref="ObjectStoreException"><see cref="ObjectStoreError.Refused"/>: the host has an address that is not public.</exception>
    private static async ValueTask<Stream> ConnectAsync(DnsEndPoint server, Func<string, string> refusal, CancellationToken cancellationToken)
    {
        var addresses = await Dns.GetHostAddressesAsync(server.Host, cancellationToken);
        if (addresses.Any(address => !IsPublic(address)))
        {
            throw new ObjectStoreException(ObjectStoreError.Refused, refusal(server.Host));
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, server.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
