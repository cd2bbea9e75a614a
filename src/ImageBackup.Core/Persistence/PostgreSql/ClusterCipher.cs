using System.Security.Cryptography;
using System.Text;
using ImageBackup.Core.Settings;
using Microsoft.Extensions.Options;

namespace ImageBackup.Core.Persistence.PostgreSql;

/// <summary>Encrypts with <c>Cluster:Secret</c>: AES-256-GCM with a key that HKDF-SHA-256 derives from it (RFC 5869).</summary>
public sealed class ClusterCipher(IOptions<ClusterOptions> options) : IDisposable
{
    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    private readonly Lazy<AesGcm> cipher = new(() => new AesGcm(
        HKDF.DeriveKey(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(options.Value.Setting.Read()!), outputLength: 32, info: "ImageBackup shared keys"u8.ToArray()), TagBytes));

    /// <summary>Encrypts a text that belongs to <paramref name="name"/>.</summary>
    public byte[] Protect(string name, byte[] plain)
    {
        var sealedBytes = new byte[NonceBytes + plain.Length + TagBytes];
        var nonce = sealedBytes.AsSpan(0, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        lock (cipher)
        {
            cipher.Value.Encrypt(nonce, plain, sealedBytes.AsSpan(NonceBytes, plain.Length), sealedBytes.AsSpan(NonceBytes + plain.Length), Encoding.UTF8.GetBytes(name));
        }

        return sealedBytes;
    }

    /// <exception cref="CryptographicException">The bytes were encrypted with another secret or for another name.</exception>
    public byte[] Unprotect(string name, byte[] sealedBytes)
    {
        if (sealedBytes.Length < NonceBytes + TagBytes)
        {
            throw new CryptographicException($"The key {name} is cut short.");
        }

        var plain = new byte[sealedBytes.Length - NonceBytes - TagBytes];
        lock (cipher)
        {
            cipher.Value.Decrypt(sealedBytes.AsSpan(0, NonceBytes), sealedBytes.AsSpan(NonceBytes, plain.Length), sealedBytes.AsSpan(NonceBytes + plain.Length), plain, Encoding.UTF8.GetBytes(name));
        }

        return plain;
    }

    public void Dispose()
    {
        if (cipher.IsValueCreated)
        {
            cipher.Value.Dispose();
        }
    }
}
