using ImageBackup.Core.Settings;
using ImageBackup.Identity.Keystone;
using Microsoft.Extensions.Options;

namespace ImageBackup.Api.Http;

/// <summary>Where clients log in.</summary>
internal static class KeystoneAddress
{
    /// <summary>The path of the embedded Keystone.</summary>
    public const string Path = "/identity";

    /// <summary>Returns the address of the embedded Keystone, or of the real one with <c>Auth:Mode Keystone</c>.</summary>
    public static string KeystoneUrl(this HttpContext context)
    {
        var keystone = context.RequestServices.GetRequiredService<IOptions<KeystoneOptions>>().Value;
        return context.RequestServices.GetRequiredService<IOptions<AuthOptions>>().Value.Is("Keystone")
            ? keystone.PublicUrl ?? keystone.AuthUrl ?? ""
            : context.ServiceUrl() + Path;
    }
}
