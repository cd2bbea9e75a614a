namespace ImageBackup.Ova.Archive;

/// <summary>What re-hashing an archive has shown.</summary>
public sealed record OvaVerification
{
    /// <summary>False where the archive has no manifest: its shape was checked, its bytes could not be.</summary>
    public required bool HasManifest { get; init; }

    /// <summary>Members whose digest was compared.</summary>
    public required int MembersChecked { get; init; }

    /// <summary>Their bytes.</summary>
    public required long BytesChecked { get; init; }

    /// <summary>The first member that is not what the manifest says; null where all are.</summary>
    public OvaMismatch? Mismatch { get; init; }
}

/// <summary>A member whose bytes have another digest than the manifest's.</summary>
public sealed record OvaMismatch(string Member, OvaDigest Expected, string FoundHex);

/// <summary>Hashes every member of an archive again, without restoring anything.</summary>
public static class OvaVerifier
{
    /// <summary>Compares every digest of the manifest, then reads the archive as an import would. Progress is in bytes of members compared.</summary>
    /// <exception cref="InvalidOvaException">The archive is refused for another reason than a digest.</exception>
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
        var result = new OvaVerification { HasManifest = manifest is not null, MembersChecked = 0, BytesChecked = 0 };
        foreach (var member in contents.Members)
        {
            if (manifest?.Digests.GetValueOrDefault(member.Name) is not { } expected)
            {
                continue;
            }

            var before = result.BytesChecked;
            var found = await contents.HashAsync(member, expected.Algorithm, (bytes, token) => progress(before + bytes, token), cancellationToken);
            result = result with { MembersChecked = result.MembersChecked + 1, BytesChecked = before + member.Size };
            if (found != expected.Hex)
            {
                return result with { Mismatch = new OvaMismatch(member.Name, expected, found) };
            }
        }

        _ = await OvaReader.ReadAsync(contents, options, cancellationToken);
        return result;
    }
}
