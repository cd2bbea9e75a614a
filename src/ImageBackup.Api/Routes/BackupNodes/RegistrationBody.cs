using ImageBackup.Api.Http;

namespace ImageBackup.Api.Routes.BackupNodes;

/// <summary>What registering and changing a node have in common.</summary>
internal static class RegistrationBody
{
    /// <summary>Opens <c>{"backup_nodes":{"registration":{…}}}</c>.</summary>
    public static async Task<BodyFields> ReadAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var envelope = await BodyFields.ReadAsync(context, "backup_nodes", cancellationToken);
        var registration = envelope.RequiredObject("registration");
        envelope.RefuseUnknown();
        return registration;
    }

    /// <summary>The value where it is an address or a host name.</summary>
    public static string CheckHost(string accessIp)
        => Uri.CheckHostName(accessIp) != UriHostNameType.Unknown
            ? accessIp
            : throw InvalidField.Create("access_ip", accessIp, "It is neither an IP address nor a host name.");
}
