using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ImageBackup.Api.Auth;

/// <summary>
/// A password's slow digest: PBKDF2 with HMAC-SHA-256, written <c>pbkdf2-sha256$ITERATIONS$SALT$KEY</c> (both in base64).
/// 600,000 iterations are OWASP's figure for it and take about 0.15 s of one core.
/// </summary>
internal sealed class PasswordHash
{
    /// <summary>The number of iterations of new hashes, and the least that is accepted.</summary>
    public const int Iterations = 600_000;

    private const string Scheme = "pbkdf2-sha256";
    private const int MaxIterations = 10_000_000;
    private const int SaltBytes = 16;
    private const int KeyBytes = 32;
    private readonly int _iterations;
    private readonly byte[] _salt;
    private readonly byte[] _key;

    private PasswordHash(int iterations, byte[] salt, byte[] key) => (_iterations, _salt, _key) = (iterations, salt, key);

    /// <summary>A hash with a salt of its own.</summary>
    public static PasswordHash Create(string password) => Create(password, RandomNumberGenerator.GetBytes(SaltBytes));

    /// <summary>The hash of a password that the settings have in plain text: its owner's id is the salt, so each start makes the same one.</summary>
    public static PasswordHash CreateFor(string owner, string password)
        => Create(password, SHA256.HashData(Encoding.UTF8.GetBytes(owner))[..SaltBytes]);

    /// <summary>Reads what <see cref="ToString"/> writes; null where the text is none or too cheap to be safe.</summary>
    public static PasswordHash? Parse(string text)
    {
        var parts = text.Trim().Split('$');
        if (parts is not [Scheme, var count, var salt, var key]
            || !int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var iterations)
            || iterations is < Iterations or > MaxIterations)
        {
            return null;
        }

        return FromBase64(salt) is { Length: >= SaltBytes } saltBytes && FromBase64(key) is { Length: >= KeyBytes and <= 64 } keyBytes
            ? new PasswordHash(iterations, saltBytes, keyBytes)
            : null;
    }

    /// <summary>Compares in a time that doesn't depend on where the two differ.</summary>
    public bool Verify(string password)
        => CryptographicOperations.FixedTimeEquals(_key, Derive(password, _iterations, _salt, _key.Length));

    public override string ToString()
        => string.Create(CultureInfo.InvariantCulture, $"{Scheme}${_iterations}${Convert.ToBase64String(_salt)}${Convert.ToBase64String(_key)}");

    private static PasswordHash Create(string password, byte[] salt) => new(Iterations, salt, Derive(password, Iterations, salt, KeyBytes));

    private static byte[] Derive(string password, int iterations, byte[] salt, int length)
        => Rfc2898DeriveBytes.Pbkdf2(password, salt, iterations, HashAlgorithmName.SHA256, length);

    private static byte[]? FromBase64(string text)
    {
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var written) ? bytes[..written] : null;
    }
}
