using System.Security.Cryptography;
using System.Text;
using ImageBackup.Api.Routes.Identity;
using ImageBackup.Core.Settings;

namespace ImageBackup.Api.Auth;

/// <summary>What a token remembers of the password and the secret behind it: an HMAC under a key that lies beside the database and not in it, so a copy of the database helps nobody to guess.</summary>
internal sealed class SecretFingerprints(DataPaths paths)
{
    private const int KeyBytes = 32;
    private readonly Lazy<byte[]> _key = new(() => ReadKey(Path.Combine(paths.Keys, "token-fingerprints.key")));

    /// <summary>Lower-case hex of HMAC-SHA-256 over the slow hashes of now.</summary>
    public string Of(IdentityUser user, ApplicationCredential? credential)
        => Convert.ToHexStringLower(HMACSHA256.HashData(_key.Value, Encoding.UTF8.GetBytes($"{user.Password.Value}\n{credential?.Secret.Value}")));

    /// <summary>The key of this installation, made at its first use; one that is lost or cut ends the tokens there are.</summary>
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
