using System.Globalization;
using System.Text.RegularExpressions;

namespace ImageBackup.Core.ObjectStorage.Web;

/// <summary>One entry of the allow-list.</summary>
/// <param name="Host">A name or an address as <see cref="Uri.IdnHost"/> writes it; for subdomains, the part that begins with the dot.</param>
/// <param name="Port">The port; null for the default port of the URL's scheme.</param>
internal sealed partial record AllowedHost(string Host, int? Port)
{
    /// <summary>Returns null for text that is no entry.</summary>
    public static AllowedHost? TryParse(string entry)
    {
        if (Entry().Match(entry) is not { Success: true } parts)
        {
            return null;
        }

        var (any, host, port) = (parts.Groups["any"].Value, parts.Groups["host"].Value, parts.Groups["port"]);
        return Uri.TryCreate($"http://{host}/", UriKind.Absolute, out var url) && (any.Length == 0 || url.HostNameType == UriHostNameType.Dns)
            ? new AllowedHost(any.Length == 0 ? url.IdnHost : $".{url.IdnHost}", port.Success ? int.Parse(port.Value, CultureInfo.InvariantCulture) : null)
            : null;
    }

    /// <summary>Returns whether a URL is at this host and port.</summary>
    public bool Has(Uri url)
        => (Port is { } port ? url.Port == port : url.IsDefaultPort)
            && (Host[0] == '.' ? url.IdnHost.EndsWith(Host, StringComparison.OrdinalIgnoreCase) : string.Equals(url.IdnHost, Host, StringComparison.OrdinalIgnoreCase));

    [GeneratedRegex(@"^(?<any>\*\.)?(?<host>[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(:(?<port>[0-9]{1,5}))?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Entry();
}
