using ImageBackup.Core.ObjectStorage.Calls;
using ImageBackup.Core.ObjectStorage.S3;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ImageBackup.Core.ObjectStorage.Web;

/// <summary>Opens files at URLs whose hosts the administrator allows.</summary>
public sealed class WebFiles : IDisposable
{
    private readonly WebClient client;
    private readonly StoreCalls calls;
    private readonly IDataProtector protector;

    public WebFiles(IOptions<SourceUrlOptions> options, IOptions<CosOptions> transfers, IDataProtectionProvider protection, TimeProvider time, ILogger<WebFiles> logger)
    {
        var handler = S3Client.CreateHandler(transfers.Value);
        if (!options.Value.AllowPrivateAddresses)
        {
            AddressGuard.Protect(handler, host =>
                $"Host '{host}' has a loopback, private or link-local address. Use a URL at a public address, or set {SourceUrlOptions.Section}:{nameof(SourceUrlOptions.AllowPrivateAddresses)}.");
        }

        client = new WebClient(handler, options.Value);
        var idleTimeout = TimeSpan.FromSeconds(transfers.Value.IdleTimeoutSeconds);
        calls = new StoreCalls("server", idleTimeout, StoreRetries.Create(transfers.Value, time, logger), time, static (_, _) => null);
        protector = protection.CreateProtector("ImageBackup.SourceUrl");
    }

    /// <summary>Returns the file at a URL. Nothing is requested yet.</summary>
    /// <exception cref="ObjectStoreException"><see cref="ObjectStoreError.Refused"/>: the URL is not allowed. The message names the setting.</exception>
    public WebFile Open(Uri url)
    {
        client.Require(url);
        return new WebFile(url, client, calls);
    }

    /// <summary>Encrypts a URL for the database, because its query may be a secret that grants access.</summary>
    public string Protect(Uri url) => protector.Protect(url.AbsoluteUri);

    /// <summary>Returns the file at a URL from the database.</summary>
    public WebFile OpenProtected(string url) => Open(new Uri(protector.Unprotect(url)));

    public void Dispose() => client.Dispose();
}
