using System.Net;
using System.Net.Sockets;

namespace ImageBackup.Api.Http;

/// <summary>What limits count as one client.</summary>
internal static class ClientAddress
{
    /// <summary>The IPv4 address, or the /64 of an IPv6 address, of which one home has 2⁶⁴; empty where there is none.</summary>
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
