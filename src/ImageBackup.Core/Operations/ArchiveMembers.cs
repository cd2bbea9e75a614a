using ImageBackup.Core.Backups;
using ImageBackup.Ova;
using ImageBackup.Ova.Archive;
using ImageBackup.Ova.Blocks;

namespace ImageBackup.Core.Operations;

/// <summary>Checks the members of archives without restoring volumes.</summary>
internal sealed class ArchiveMembers(DataPathOptions dataPath)
{
    /// <summary>
    /// Compares every volume with the digests that were recorded for the image backup, otherwise with the manifest's, and then the manifest. Returns the digests
    /// found. Progress is in bytes of volumes.
    /// </summary>
    /// <param name="file">The archive.</param>
    /// <param name="scratch">An existing directory for the unpacked copy of an archive that is compressed as a whole.</param>
    /// <param name="recorded">The recorded volumes; empty for an archive from elsewhere.</param>
    /// <param name="manifestSha256">The recorded SHA-256 of the manifest; null for an archive from elsewhere.</param>
    /// <param name="forceRaw">True if disks are raw whatever their bytes look like.</param>
    /// <param name="progress">Receives the bytes done.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="InvalidOvaException">The archive is damaged or truncated. The message names the member.</exception>
    public async Task<IReadOnlyList<VerifiedVolume>> VerifyAsync(
        string file, string scratch, IReadOnlyList<BackupVolume> recorded, string? manifestSha256, bool forceRaw, OvaProgress progress, CancellationToken cancellationToken)
    {
        var archive = await OvaReader.ReadAsync(file, new OvaReaderOptions { ScratchDirectory = scratch, ForceRaw = forceRaw, RefusesLinks = true }, static (_, _) => ValueTask.CompletedTask, cancellationToken);
        if (recorded.FirstOrDefault(volume => archive.Volumes.All(member => member.Volume.Href != volume.Name)) is { } missing)
        {
            throw new InvalidOvaException($"The archive has no member '{missing.Name}', which was recorded. It is another archive.");
        }

        var verified = new List<VerifiedVolume>();
        var done = 0L;
        foreach (var member in archive.Volumes)
        {
            var known = recorded.FirstOrDefault(volume => volume.Name == member.Volume.Href);
            var expected = new RestoreExpectation
            {
                Name = member.Volume.Href,
                Capacity = member.Volume.Capacity,
                Stored = OvaDigest.Sha256(known?.StoredSha256) ?? member.Expected,
                VolumeDigest = known?.VolumeDigest,
                Format = member.Volume.Format,
                BlockList = member.BlockList,
            };
            var start = done;
            var volume = await VolumeVerifier.VerifyAsync(
                member.Stored,
                member.Encoding,
                expected,
                dataPath with { ScratchDirectory = scratch },
                (bytes, token) => progress(start + bytes, token),
                cancellationToken);
            done += member.Stored.Length;
            verified.Add(new VerifiedVolume(member.Volume.Href, volume.Stored?.Sha256Hex, volume.VolumeDigest));
        }

        return manifestSha256 is null || manifestSha256 == archive.ManifestSha256
            ? verified
            : throw new InvalidOvaException($"The archive's manifest has changed: SHA-256 {manifestSha256} was recorded, found {archive.ManifestSha256 ?? "no manifest"}. It is another archive.");
    }

    /// <summary>Returns true if the manifest has the recorded SHA-256 and every member, as stored, its digest in the manifest. Volumes are not inflated.</summary>
    /// <param name="file">The archive, which an export has written.</param>
    /// <param name="scratch">A directory for the unpacked copy of an archive that is compressed as a whole.</param>
    /// <param name="manifestSha256">The recorded SHA-256 of the manifest.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public static async Task<bool> AreUnchangedAsync(string file, string scratch, string manifestSha256, CancellationToken cancellationToken)
    {
        try
        {
            var options = new OvaReaderOptions { ScratchDirectory = scratch, RefusesLinks = true };
            var found = await OvaVerifier.VerifyAsync(file, options, static (_, _) => ValueTask.CompletedTask, cancellationToken);
            return found.Mismatch is null && found.ManifestSha256 == manifestSha256;
        }
        catch (InvalidOvaException)
        {
            return false;
        }
    }
}

/// <summary>The digests of a volume that was read.</summary>
internal sealed record VerifiedVolume(string Name, string? StoredSha256, string VolumeDigest);
