using System.Buffers.Binary;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace ImageBackup.Identity.Users;

/// <summary>
/// The slow hash of a password. New hashes come from ASP.NET Core's <see cref="PasswordHasher{TUser}"/> (PBKDF2 with HMAC-SHA-512).
/// Hashes that earlier releases printed (<see cref="Pbkdf2Sha256Hash"/>) stay valid.
/// </summary>
public sealed class PasswordHash
{
    /// <summary>OWASP's figure for PBKDF2 with HMAC-SHA-512 (Password Storage Cheat Sheet). Hashes with fewer iterations are refused.</summary>
    public const int Iterations = 210_000;

    private static readonly PasswordHasher<PasswordHash> Hasher = new(Options.Create(new PasswordHasherOptions { IterationCount = Iterations }));
    private readonly string _text;
    private readonly Func<string, bool> _verify;

    private PasswordHash(Pbkdf2Sha256Hash hash)
        => (_text, _verify) = (hash.ToString(), hash.Verify);

    private PasswordHash(string text)
        => (_text, _verify) = (text, password => Hasher.VerifyHashedPassword(null!, text, password) != PasswordVerificationResult.Failed);

    /// <summary>Hashes a password with a random salt.</summary>
    public static PasswordHash Create(string password) => new(Hasher.HashPassword(null!, password));

    /// <summary>Hashes a password that the settings hold in plain text. The owner's id is the salt, so that every start computes the same hash and tokens stay valid.</summary>
    public static PasswordHash CreateFor(string owner, string password) => new(Pbkdf2Sha256Hash.CreateFor(owner, password));

    /// <summary>Reads the text of a hash. Returns null if the text is no hash or the hash is too cheap to be safe.</summary>
    public static PasswordHash? Parse(string text)
        => Pbkdf2Sha256Hash.Parse(text.Trim()) is { } hash ? new PasswordHash(hash)
            : IsStrong(text.Trim()) ? new PasswordHash(text.Trim())
            : null;

    /// <summary>Compares a password with the hash in constant time.</summary>
    public bool Verify(string password) => _verify(password);

    public override string ToString() => _text;

    /// <summary>Reads the header of ASP.NET Core's format 3: marker 1, then as 32-bit big-endian numbers the hash function (2 is SHA-512), the iterations and the bytes of salt.</summary>
    private static bool IsStrong(string text)
    {
        const int Header = 13, MinSalt = 16, MinKey = 32;
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var length) && length >= Header + MinSalt + MinKey
            && bytes[0] == 1
            && Number(1) == 2
            && Number(5) is >= Iterations and <= Pbkdf2Sha256Hash.MaxIterations
            && Number(9) is >= MinSalt and var salt && salt <= length - Header - MinKey;

        int Number(int offset) => BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(offset));
    }
}
