using System.Net;
using System.Net.Sockets;

namespace ImageBackup.Api.Http;

/// <summary>Identifies clients for limits.</summary>
internal static class ClientAddress
{
    /// <summary>Returns the IPv4 address, or the /64 network of an IPv6 address, as one client can use any address of its /64; empty for no address.</summary>
    public static string Network(IPAddress? address)
    {
        if (address is null)
        {
            return "";
        }

        return address is { AddressFamily: AddressFamily.InterNetworkV6, IsIPv4MappedToIPv6: false }
            ? Convert.ToHexString(address.GetAddressBytes().AsSpan(0, 8))
            : address.MapToIPv4().ToString();
    }
}
