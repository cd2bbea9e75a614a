using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ImageBackup.TestSupport;

/// <summary>A private certificate authority and a certificate of it for loopback.</summary>
public sealed class TestCertificates : IDisposable
{
    private readonly X509Certificate2 authority;

    public TestCertificates()
    {
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Private CA", authorityKey, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var (from, until) = (DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
        authority = request.CreateSelfSigned(from, until);

        using var serverKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var server = new CertificateRequest("CN=localhost", serverKey, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        server.CertificateExtensions.Add(names.Build());
        using var signed = server.Create(authority, from, until, [1, 2, 3]);
        using var withKey = signed.CopyWithPrivateKey(serverKey);

        // Kestrel needs a key that is not ephemeral.
        Server = X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pkcs12), null);
    }

    /// <summary>The certificate of 127.0.0.1 with its key.</summary>
    public X509Certificate2 Server { get; }

    /// <summary>The authority's certificate, for a file of trusted ones.</summary>
    public string AuthorityPem => authority.ExportCertificatePem();

    public void Dispose()
    {
        Server.Dispose();
        authority.Dispose();
    }
}
