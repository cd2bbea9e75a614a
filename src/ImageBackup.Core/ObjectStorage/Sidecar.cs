using System.Security.Cryptography;
using System.Text;

namespace ImageBackup.Core.ObjectStorage;

/// <summary>The object <c>&lt;archive&gt;.sha256</c> beside an archive, in the format of <c>sha256sum</c>.</summary>
internal static class Sidecar
{
    private const int LongestText = 64 << 10;

    /// <summary>Returns the key of the sidecar of an archive.</summary>
    public static string KeyOf(string archiveKey) => archiveKey + ".sha256";

    /// <summary>Stores the sidecar. An archive whose name leaves no room for the extension gets none.</summary>
    /// <param name="bucket">The bucket of the archive.</param>
    /// <param name="archiveKey">The archive's key.</param>
    /// <param name="sha256">The archive's SHA-256, lower-case hex.</param>
    /// <param name="scratch">An existing directory for a temporary file.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <exception cref="ObjectStoreException"><see cref="ObjectStoreError.Refused"/>: another object has the key.</exception>
    public static async Task PutAsync(Bucket bucket, string archiveKey, string sha256, string scratch, CancellationToken cancellationToken)
    {
        var (key, text) = (KeyOf(archiveKey), TextOf(archiveKey, sha256));
        if (BucketNames.WhyNoKey(key) is not null)
        {
            return;
        }

        if (await bucket.FindAsync(key, cancellationToken) is { } found && BackupMetadata.FromPairs(found.Metadata).Sha256 != DigestOf(text))
        {
            throw new ObjectStoreException(
                ObjectStoreError.Refused,
                $"Object '{key}' in bucket '{bucket.Name}' at {bucket.Store.Endpoint} is not the checksum of this archive. Move or delete that object, or use another bucket.");
        }

        var file = Path.Combine(scratch, "sidecar");
        await File.WriteAllTextAsync(file, text, cancellationToken);
        var upload = new ObjectUpload
        {
            Bucket = bucket,
            Key = key,
            FilePath = file,
            Metadata = new BackupMetadata(DigestOf(text), null, null, null),
            SaveResume = static (_, _) => Task.CompletedTask,
        };
        await bucket.Store.PutAsync(upload, LongestText, NoProgress, cancellationToken);
    }

    /// <summary>Returns the object with the key of the sidecar; null if there is none.</summary>
    public static async Task<StoredObject?> FindAsync(Bucket bucket, string archiveKey, CancellationToken cancellationToken)
        => BucketNames.WhyNoKey(KeyOf(archiveKey)) is null ? await bucket.FindAsync(KeyOf(archiveKey), cancellationToken) : null;

    /// <summary>Deletes the sidecar of an archive with this SHA-256. Another object of that key stays.</summary>
    public static async Task DeleteAsync(Bucket bucket, string archiveKey, string? sha256, CancellationToken cancellationToken)
    {
        if (sha256 is not null && BucketNames.WhyNoKey(KeyOf(archiveKey)) is null)
        {
            await bucket.DeleteOwnAsync(KeyOf(archiveKey), DigestOf(TextOf(archiveKey, sha256)), cancellationToken);
        }
    }

    /// <summary>Returns the SHA-256 that the sidecar says, in lower-case hex; null if there is no sidecar.</summary>
    /// <exception cref="ObjectStoreException"><see cref="ObjectStoreError.Damaged"/>: the sidecar has no digest for the archive.</exception>
    public static async Task<string?> FindDigestAsync(Bucket bucket, string archiveKey, string scratch, CancellationToken cancellationToken)
    {
        var key = KeyOf(archiveKey);
        if (await FindAsync(bucket, archiveKey, cancellationToken) is not { } found)
        {
            return null;
        }

        return (found.Size is > 0 and <= LongestText ? Parse(await ReadAsync(bucket, found, scratch, cancellationToken), NameOf(archiveKey)) : null)
            ?? throw new ObjectStoreException(
                ObjectStoreError.Damaged,
                $"Object '{key}' in bucket '{bucket.Name}' at {bucket.Store.Endpoint} has no SHA-256 for '{NameOf(archiveKey)}'. Expected: 64 hex digits, two blanks and the name. Correct or delete that object.");
    }

    /// <summary>Returns the digest of the line with this name. A name does not matter in a file of one line.</summary>
    internal static string? Parse(string text, string name)
    {
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var digests = lines.Select(line => line.Split((char[])[' ', '\t'], 2, StringSplitOptions.RemoveEmptyEntries))
            .Where(words => words.Length > 0 && (lines.Length == 1 || (words.Length == 2 && words[1].TrimStart('*', ' ') == name)))
            .Select(words => words[0].ToLowerInvariant())
            .ToList();
        return digests is [{ Length: 64 } digest] && digest.All(char.IsAsciiHexDigit) ? digest : null;
    }

    private static async Task<string> ReadAsync(Bucket bucket, StoredObject found, string scratch, CancellationToken cancellationToken)
    {
        var file = Path.Combine(scratch, "sidecar");
        using (var target = File.OpenHandle(file, FileMode.Create, FileAccess.Write))
        {
            RandomAccess.SetLength(target, found.Size);
            await bucket.Store.GetRangeAsync(bucket.Name, found.Key, found.ETag, new FileRange(0, found.Size), target, NoProgress, cancellationToken);
        }

        return await File.ReadAllTextAsync(file, cancellationToken);
    }

    private static string TextOf(string archiveKey, string sha256) => $"{sha256}  {NameOf(archiveKey)}\n";

    private static string NameOf(string archiveKey) => archiveKey[(archiveKey.LastIndexOf('/') + 1)..];

    private static string DigestOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static ValueTask NoProgress(long bytes, CancellationToken cancellationToken) => ValueTask.CompletedTask;
}
