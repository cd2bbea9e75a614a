namespace ImageBackup.Api.Hosting;

/// <summary>Where the service listens unless somebody says otherwise.</summary>
internal static class ListenAddress
{
    /// <summary>PowerVC's port, on loopback.</summary>
    public const string Default = "http://127.0.0.1:9000";

    /// <summary>Sets <see cref="Default"/> where neither <c>--urls</c>, <c>ASPNETCORE_URLS</c>, the port variables nor Kestrel's own section name an address.</summary>
    public static void UseDefaultAddress(this WebApplicationBuilder builder)
    {
        var configuration = builder.Configuration;
        var isSet = configuration["urls"] is not null
            || configuration["http_ports"] is not null
            || configuration["https_ports"] is not null
            || configuration.GetSection("Kestrel:Endpoints").Exists();
        if (!isSet)
        {
            builder.WebHost.UseUrls(Default);
        }
    }
}
