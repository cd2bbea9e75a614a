using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.EntityFrameworkCore;

namespace ImageBackup.Core.Persistence.PostgreSql;

/// <summary>The keys in the database that all processes share: those of Data Protection, and the key of token fingerprints.</summary>
public sealed class SharedKeys(IDbContextFactory<PostgreSqlDbContext> contexts, ClusterCipher cipher, TimeProvider time) : IXmlRepository
{
    private const string DataProtection = "data-protection/";
    private const string TokenFingerprints = "token-fingerprints";
    private const int FingerprintKeyBytes = 32;

    /// <summary>Adds the key of token fingerprints if it is missing, and checks that the secret decrypts all keys. Only one process at a time may call it.</summary>
    /// <exception cref="CryptographicException">The keys were encrypted with another secret.</exception>
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await db.SharedKeys.AsNoTracking().ToListAsync(cancellationToken);
        foreach (var row in rows)
        {
            cipher.Unprotect(row.Name, row.Protected);
        }

        if (rows.TrueForAll(row => row.Name != TokenFingerprints))
        {
            db.SharedKeys.Add(NewRecord(TokenFingerprints, RandomNumberGenerator.GetBytes(FingerprintKeyBytes)));
            await db.SaveChangesAsync(cancellationToken);
        }
    }

    /// <summary>Returns the key of token fingerprints.</summary>
    public byte[] ReadTokenFingerprints()
    {
        using var db = contexts.CreateDbContext();
        return cipher.Unprotect(TokenFingerprints, db.SharedKeys.AsNoTracking().Single(row => row.Name == TokenFingerprints).Protected);
    }

    public IReadOnlyCollection<XElement> GetAllElements()
    {
        using var db = contexts.CreateDbContext();
        var rows = db.SharedKeys.AsNoTracking().Where(row => row.Name.StartsWith(DataProtection)).ToList();
        return [.. rows.Select(row => XElement.Parse(Encoding.UTF8.GetString(cipher.Unprotect(row.Name, row.Protected))))];
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        using var db = contexts.CreateDbContext();
        db.SharedKeys.Add(NewRecord(DataProtection + friendlyName, Encoding.UTF8.GetBytes(element.ToString(SaveOptions.DisableFormatting))));
        db.SaveChanges();
    }

    private SharedKeyRecord NewRecord(string name, byte[] key)
        => new() { Name = name, Protected = cipher.Protect(name, key), CreatedAt = time.GetUtcNow().UtcDateTime };
}
