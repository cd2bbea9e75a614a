using System.Net;
using ImageBackup.Core.Errors;
using ImageBackup.Core.Settings;
using Microsoft.AspNetCore.HttpOverrides;

namespace ImageBackup.Api.Http;

/// <summary>Reads the client's address, scheme and host from forwarded headers of the proxies in the setting <c>TrustedProxies</c>.</summary>
internal static class TrustedProxies
{
    public static void UseTrustedProxies(this WebApplication app)
    {
        var proxies = app.Configuration.GetSection($"{ImageBackupOptions.Section}:{nameof(ImageBackupOptions.TrustedProxies)}").Get<string[]>() ?? [];
        if (proxies.Length == 0)
        {
            return;
        }

        // One forwarded hop per configured proxy: a client inside a trusted network cannot insert another address.
        var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.All, ForwardLimit = proxies.Length };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var proxy in proxies)
        {
            if (IPAddress.TryParse(proxy, out var address))
            {
                options.KnownProxies.Add(address);
            }
            else if (System.Net.IPNetwork.TryParse(proxy, out var network))
            {
                options.KnownIPNetworks.Add(network);
            }
            else
            {
                throw new StartException($"ImageBackup:TrustedProxies: '{proxy}' is neither an IP address nor a network. Use an address or a network such as 10.0.0.8/30.");
            }
        }

        app.UseForwardedHeaders(options);
    }
}
