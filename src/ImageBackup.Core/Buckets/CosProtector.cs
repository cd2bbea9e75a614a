using System.Security.Cryptography;
using System.Text.Json;
using ImageBackup.Core.ObjectStorage;
using Microsoft.AspNetCore.DataProtection;

namespace ImageBackup.Core.Buckets;

/// <summary>Credentials as the database keeps them: JSON, encrypted by Data Protection.</summary>
internal sealed class CosProtector(IDataProtectionProvider protection)
{
    private readonly IDataProtector protector = protection.CreateProtector("ImageBackup.Cos.Credentials");

    public string Protect(CosCredentials credentials) => protector.Protect(JsonSerializer.Serialize(credentials));

    /// <exception cref="ObjectStoreException">The keys that encrypted them are gone.</exception>
    public CosCredentials Unprotect(string name, string protectedCredentials)
        => Find(protectedCredentials) ?? throw new ObjectStoreException(
            ObjectStoreFault.NoAccess,
            $"The credentials of COS '{name}' can't be decrypted: the keys that encrypted them are gone. Update the registration with its credentials.");

    /// <summary>The same; null where the keys that encrypted them are gone.</summary>
    public CosCredentials? Find(string protectedCredentials)
    {
        try
        {
            return JsonSerializer.Deserialize<CosCredentials>(protector.Unprotect(protectedCredentials));
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
