using System.Net;
using ImageBackup.Core.Errors;
using ImageBackup.Core.Settings;
using Microsoft.AspNetCore.HttpOverrides;

namespace ImageBackup.Api.Http;

/// <summary>The proxies in the setting <c>TrustedProxies</c>: single addresses are networks of one address.</summary>
internal sealed class TrustedProxies(IReadOnlyList<System.Net.IPNetwork> networks)
{
    /// <exception cref="StartException">An entry is neither an address nor a network.</exception>
    public static TrustedProxies Of(IConfiguration configuration)
    {
        var proxies = configuration.GetSection($"{ImageBackupOptions.Section}:{nameof(ImageBackupOptions.TrustedProxies)}").Get<string[]>() ?? [];
        return new TrustedProxies([.. proxies.Select(Parse)]);
    }

    /// <summary>Reads the client's address, scheme and host from forwarded headers of these proxies.</summary>
    public static void Use(WebApplication app)
    {
        var proxies = Of(app.Configuration).Networks;
        if (proxies.Count == 0)
        {
            return;
        }

        // One forwarded hop per configured proxy: a client inside a trusted network cannot insert another address.
        var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.All, ForwardLimit = proxies.Count };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var proxy in proxies)
        {
            options.KnownIPNetworks.Add(proxy);
        }

        app.UseForwardedHeaders(options);
    }

    private IReadOnlyList<System.Net.IPNetwork> Networks => networks;

    public bool Contains(IPAddress address)
        => networks.Any(network => network.Contains(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address));

    private static System.Net.IPNetwork Parse(string proxy)
        => IPAddress.TryParse(proxy, out var address) ? new System.Net.IPNetwork(address, address.GetAddressBytes().Length * 8)
            : System.Net.IPNetwork.TryParse(proxy, out var network) ? network
            : throw new StartException($"ImageBackup:TrustedProxies: '{proxy}' is neither an IP address nor a network. Use an address or a network such as 10.0.0.8/30.");
}
