using System.Security.Cryptography;
using System.Text.Json;
using ImageBackup.Core.ObjectStorage;
using ImageBackup.Core.Persistence;
using Microsoft.AspNetCore.DataProtection;

namespace ImageBackup.Core.Buckets;

/// <summary>Encrypts credentials for the database: JSON, protected by Data Protection.</summary>
public sealed class CosProtector(IDataProtectionProvider protection)
{
    private readonly IDataProtector protector = protection.CreateProtector("ImageBackup.Cos.Credentials");

    public string Protect(CosCredentials credentials) => protector.Protect(JsonSerializer.Serialize(credentials));

    /// <exception cref="ObjectStoreException">The encryption keys no longer exist.</exception>
    public CosCredentials CredentialsOf(CosRecord cos)
        => FindCredentialsOf(cos) ?? throw new ObjectStoreException(
            ObjectStoreError.NoAccess,
            $"The credentials of COS '{cos.Name}' cannot be decrypted, because the encryption keys no longer exist. Update the registration with its credentials.");

    /// <summary>Returns null when the encryption keys no longer exist.</summary>
    public CosCredentials? FindCredentialsOf(CosRecord cos)
    {
        try
        {
            return JsonSerializer.Deserialize<CosCredentials>(protector.Unprotect(cos.ProtectedCredentials));
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
