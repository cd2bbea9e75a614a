using ImageBackup.Api.Http;

namespace ImageBackup.Api.Routes.BackupNodes;

/// <summary>Checks <c>access_ip</c>.</summary>
internal static class AccessIp
{
    /// <summary>Returns the value if it is an IP address or a host name.</summary>
    /// <exception cref="Core.Errors.InvalidRequestException">The value is neither.</exception>
    public static string Check(string accessIp)
        => Uri.CheckHostName(accessIp) != UriHostNameType.Unknown
            ? accessIp
            : throw InvalidField.Create("access_ip", accessIp, "It is neither an IP address nor a host name.");
}
