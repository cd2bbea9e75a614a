using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ImageBackup.Identity.Users;

/// <summary>The format of earlier releases: PBKDF2 with HMAC-SHA-256, written <c>pbkdf2-sha256$ITERATIONS$SALT$KEY</c> with salt and key in base64.</summary>
internal sealed class Pbkdf2Sha256Hash
{
    public const int MaxIterations = 10_000_000;
    private const string Scheme = "pbkdf2-sha256";
    private const int Iterations = 600_000;
    private const int SaltBytes = 16;
    private const int KeyBytes = 32;
    private readonly int _iterations;
    private readonly byte[] _salt;
    private readonly byte[] _key;

    private Pbkdf2Sha256Hash(int iterations, byte[] salt, byte[] key) => (_iterations, _salt, _key) = (iterations, salt, key);

    /// <summary>Hashes a password with a salt that the owner's id determines.</summary>
    public static Pbkdf2Sha256Hash CreateFor(string owner, string password)
    {
        var salt = SHA256.HashData(Encoding.UTF8.GetBytes(owner))[..SaltBytes];
        return new(Iterations, salt, Derive(password, Iterations, salt, KeyBytes));
    }

    /// <summary>Reads what <see cref="ToString"/> writes. Returns null if the text has another format or the hash is too cheap to be safe.</summary>
    public static Pbkdf2Sha256Hash? Parse(string text)
        => text.Split('$') is [Scheme, var count, var salt, var key]
            && int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var iterations) && iterations is >= Iterations and <= MaxIterations
            && FromBase64(salt) is { Length: >= SaltBytes } saltBytes && FromBase64(key) is { Length: >= KeyBytes and <= 64 } keyBytes
            ? new(iterations, saltBytes, keyBytes)
            : null;

    /// <summary>Compares a password with the hash in constant time.</summary>
    public bool Verify(string password)
        => CryptographicOperations.FixedTimeEquals(_key, Derive(password, _iterations, _salt, _key.Length));

    public override string ToString()
        => string.Create(CultureInfo.InvariantCulture, $"{Scheme}${_iterations}${Convert.ToBase64String(_salt)}${Convert.ToBase64String(_key)}");

    private static byte[] Derive(string password, int iterations, byte[] salt, int length)
        => Rfc2898DeriveBytes.Pbkdf2(password, salt, iterations, HashAlgorithmName.SHA256, length);

    private static byte[]? FromBase64(string text)
    {
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var written) ? bytes[..written] : null;
    }
}
