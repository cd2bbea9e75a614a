using System.Security.Cryptography;
using System.Text;
using ImageBackup.Identity.Users;

namespace ImageBackup.Identity.Tokens;

/// <summary>
/// Computes what a token's record stores about the password behind it: an HMAC, whose key is not in the database or is encrypted there.
/// A copy of the database alone does not help to guess passwords.
/// </summary>
/// <param name="readKey">Reads the key at the first use.</param>
public sealed class SecretFingerprints(Func<byte[]> readKey)
{
    private const int KeyBytes = 32;
    private readonly Lazy<byte[]> _key = new(readKey);

    /// <summary>Uses a key in a file, which the first use creates.</summary>
    public static SecretFingerprints InFile(string path) => new(() => ReadKey(path));

    /// <summary>Returns the HMAC-SHA-256 of the present slow hashes in lower-case hex.</summary>
    public string Of(IdentityUser user, ApplicationCredential? credential)
        => Convert.ToHexStringLower(HMACSHA256.HashData(_key.Value, Encoding.UTF8.GetBytes($"{user.Password.Value}\n{credential?.Secret.Value}")));

    // If the key is lost or cut short, a new one ends all tokens.
    private static byte[] ReadKey(string path)
    {
        if (File.Exists(path) && File.ReadAllBytes(path) is { Length: KeyBytes } key)
        {
            return key;
        }

        key = RandomNumberGenerator.GetBytes(KeyBytes);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var file = new FileStream(path, options);
        file.Write(key);
        file.Flush(flushToDisk: true);
        return key;
    }
}
