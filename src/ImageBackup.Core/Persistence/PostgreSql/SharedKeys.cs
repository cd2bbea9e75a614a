using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using ImageBackup.Core.Settings;
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
        if (!(await CheckAsync(db, cancellationToken)).Contains(TokenFingerprints))
        {
            db.SharedKeys.Add(NewRecord(TokenFingerprints, RandomNumberGenerator.GetBytes(FingerprintKeyBytes)));
            await db.SaveChangesAsync(cancellationToken);
        }
    }

    /// <summary>Adds the keys of a data directory, encrypted with <c>Cluster:Secret</c>, to those of a database without tokens.</summary>
    /// <returns>How many keys were added.</returns>
    /// <exception cref="CryptographicException">The keys in the database were encrypted with another secret.</exception>
    internal async Task<int> TakeAsync(PostgreSqlDbContext db, DataPaths paths, CancellationToken cancellationToken)
    {
        await CheckAsync(db, cancellationToken);
        string[] files = Directory.Exists(paths.Keys) ? Directory.GetFiles(paths.Keys, "*.xml") : [];
        var taken = files.Select(file => NewRecord(DataProtection + Path.GetFileNameWithoutExtension(file), Bytes(XElement.Load(file)))).ToList();
        if (File.Exists(paths.TokenFingerprints))
        {
            // No token has used the key that PrepareAsync has made.
            await db.SharedKeys.Where(row => row.Name == TokenFingerprints).ExecuteDeleteAsync(cancellationToken);
            taken.Add(NewRecord(TokenFingerprints, await File.ReadAllBytesAsync(paths.TokenFingerprints, cancellationToken)));
        }

        db.SharedKeys.AddRange(taken);
        await db.SaveChangesAsync(cancellationToken);
        return taken.Count;
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
        db.SharedKeys.Add(NewRecord(DataProtection + friendlyName, Bytes(element)));
        db.SaveChanges();
    }

    /// <summary>Returns the names of the keys that the secret decrypts: all.</summary>
    private async Task<HashSet<string>> CheckAsync(PostgreSqlDbContext db, CancellationToken cancellationToken)
    {
        var rows = await db.SharedKeys.AsNoTracking().ToListAsync(cancellationToken);
        rows.ForEach(row => cipher.Unprotect(row.Name, row.Protected));
        return [.. rows.Select(row => row.Name)];
    }

    private static byte[] Bytes(XElement element) => Encoding.UTF8.GetBytes(element.ToString(SaveOptions.DisableFormatting));

    private SharedKeyRecord NewRecord(string name, byte[] key)
        => new() { Name = name, Protected = cipher.Protect(name, key), CreatedAt = time.GetUtcNow().UtcDateTime };
}
