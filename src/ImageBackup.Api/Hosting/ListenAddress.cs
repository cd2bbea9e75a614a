namespace ImageBackup.Api.Hosting;

/// <summary>The addresses that the service listens on.</summary>
internal static class ListenAddress
{
    /// <summary>Loopback and PowerVC's port.</summary>
    public const string Default = "http://127.0.0.1:9000";

    private static readonly string[] EveryAddress = ["+", "*", "0.0.0.0", "[::]"];

    /// <summary>Uses <see cref="Default"/> unless <c>--urls</c>, <c>ASPNETCORE_URLS</c>, the port variables or Kestrel's own section name an address.</summary>
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

    /// <summary>Returns the first address, with loopback in the place of all addresses, or <see cref="Default"/> if there is none.</summary>
    public static string Local(IEnumerable<string> addresses)
    {
        if (addresses.FirstOrDefault() is not { } first)
        {
            return Default;
        }

        var address = BindingAddress.Parse(first);
        var host = EveryAddress.Contains(address.Host) ? "127.0.0.1" : address.Host;
        return address.IsUnixPipe ? first : $"{address.Scheme}://{host}:{address.Port}";
    }

    /// <summary>Returns the address of the web page for a browser on this machine.</summary>
    public static string Page(IEnumerable<string> addresses) => Local(addresses) + WebPageServices.Root;
}
