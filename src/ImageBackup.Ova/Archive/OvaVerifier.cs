namespace ImageBackup.Ova.Archive;

/// <summary>The result of hashing an archive's members.</summary>
public sealed record OvaVerification
{
    /// <summary>False for an archive without a manifest, whose bytes cannot be checked.</summary>
    public bool HasManifest => ManifestSha256 is not null;

    /// <summary>SHA-256 of the manifest, lower-case hex; null without a manifest.</summary>
    public required string? ManifestSha256 { get; init; }

    /// <summary>Number of members whose digest was compared.</summary>
    public required int MembersChecked { get; init; }

    /// <summary>Bytes of these members.</summary>
    public required long BytesChecked { get; init; }

    /// <summary>The first member that differs from the manifest; null if none does.</summary>
    public OvaMismatch? Mismatch { get; init; }
}

/// <summary>A member that differs from the manifest.</summary>
/// <param name="Member">The member's name.</param>
/// <param name="Expected">The manifest's digest.</param>
/// <param name="Found">The digest of the member's bytes.</param>
public sealed record OvaMismatch(string Member, OvaDigest Expected, OvaDigest Found);

/// <summary>Hashes the members of an archive without restoring volumes.</summary>
public static class OvaVerifier
{
    /// <summary>Compares every digest of the manifest, then reads the archive as <see cref="OvaReader"/> does. Progress is in bytes of hashed members.</summary>
    /// <exception cref="InvalidOvaException">The archive is refused for another reason than a wrong digest.</exception>
    /// <exception cref="IOException">The file cannot be read, or the scratch directory's disk is full.</exception>
    public static async Task<OvaVerification> VerifyAsync(string path, OvaReaderOptions options, OvaProgress progress, CancellationToken cancellationToken)
    {
        using var contents = await OvaContents.OpenAsync(path, options, static (_, _) => ValueTask.CompletedTask, cancellationToken);
        try
        {
            return await VerifyAsync(contents, options, progress, cancellationToken);
        }
        finally
        {
            contents.DeleteScratch();
        }
    }

    private static async Task<OvaVerification> VerifyAsync(
        OvaContents contents, OvaReaderOptions options, OvaProgress progress, CancellationToken cancellationToken)
    {
        var manifest = contents.ReadManifest();
        var result = new OvaVerification { ManifestSha256 = manifest?.Sha256, MembersChecked = 0, BytesChecked = 0 };
        foreach (var member in contents.Members)
        {
            if (manifest?.Digests.GetValueOrDefault(member.Name) is not { } expected)
            {
                continue;
            }

            var before = result.BytesChecked;
            var found = await contents.HashAsync(member, expected, (bytes, token) => progress(before + bytes, token), cancellationToken);
            result = result with { MembersChecked = result.MembersChecked + 1, BytesChecked = before + member.Size };
            if (found != expected)
            {
                return result with { Mismatch = new OvaMismatch(member.Name, expected, found) };
            }
        }

        _ = await OvaReader.ReadAsync(contents, options, cancellationToken);
        return result;
    }
}
