using System.Text;
using ImageBackup.Ova.Descriptor;
using ImageBackup.Ova.Tar;

namespace ImageBackup.Ova.Archive;

/// <summary>
/// Reads an archive: descriptor, manifest and <c>.meta</c> in any order, and where the volumes lie. No volume's byte is read; the small members are
/// checked against the manifest here, the volumes by whoever streams them, or by <see cref="OvaVerifier"/>.
/// </summary>
public static class OvaReader
{
    /// <summary>Reads the archive. Progress is in bytes of the file, told only while an archive that is gzipped as a whole is inflated.</summary>
    /// <exception cref="InvalidOvaException">The archive is refused; the message says what, where and what was expected. Nothing is left in the scratch directory.</exception>
    public static async Task<OvaArchive> ReadAsync(string path, OvaReaderOptions options, OvaProgress progress, CancellationToken cancellationToken)
    {
        using var contents = await OvaContents.OpenAsync(path, options, progress, cancellationToken);
        try
        {
            return await ReadAsync(contents, options, cancellationToken);
        }
        catch
        {
            contents.DeleteScratch();
            throw;
        }
    }

    internal static async Task<OvaArchive> ReadAsync(OvaContents contents, OvaReaderOptions options, CancellationToken cancellationToken)
    {
        var manifest = contents.ReadManifest();
        CheckNames(contents, manifest);
        var descriptorMember = contents.Single(OvfNames.DescriptorSuffix)
            ?? throw new InvalidOvaException("The archive has no descriptor; one member that ends in .ovf is expected.");
        await CheckAsync(contents, descriptorMember, manifest, cancellationToken);
        var meta = contents.Single(OvfNames.MetaSuffix) is { } metaMember
            ? await ReadMetaAsync(contents, metaMember, manifest, cancellationToken)
            : null;
        var descriptor = OvfDescriptorReader.Read(contents.Read(descriptorMember), descriptorMember.Name, meta, options);

        var members = contents.Members.ToDictionary(member => member.Name, StringComparer.Ordinal);
        List<OvaVolumeMember> volumes = [];
        foreach (var volume in descriptor.Volumes)
        {
            volumes.Add(await FindAsync(contents, volume, members, manifest, cancellationToken));
        }

        return new OvaArchive
        {
            Path = contents.Path,
            ScratchFile = contents.ScratchFile,
            Descriptor = descriptor with { Volumes = [.. volumes.Select(volume => volume.Volume)] },
            Volumes = volumes,
            HasManifest = manifest is not null,
        };
    }

    private static void CheckNames(OvaContents contents, OvaManifest? manifest)
    {
        var names = contents.Members.Select(member => member.Name).ToHashSet(StringComparer.Ordinal);
        if (manifest?.Digests.Keys.FirstOrDefault(name => !names.Contains(name)) is { } missing)
        {
            throw new InvalidOvaException($"The manifest has a digest for {MemberName.Quote(missing)}, which is not in the archive.");
        }
    }

    private static async Task<OvaMeta> ReadMetaAsync(OvaContents contents, TarMember member, OvaManifest? manifest, CancellationToken cancellationToken)
    {
        await CheckAsync(contents, member, manifest, cancellationToken);
        return OvaMeta.Parse(Encoding.UTF8.GetString(contents.Read(member)), member.Name);
    }

    private static async Task CheckAsync(OvaContents contents, TarMember member, OvaManifest? manifest, CancellationToken cancellationToken)
    {
        if (manifest?.Require(member.Name) is { } expected
            && await contents.HashAsync(member, expected.Algorithm, NoProgress, cancellationToken) is var found
            && found != expected.Hex)
        {
            throw new InvalidOvaException(
                $"{MemberName.Quote(member.Name)} is not what the manifest says: {expected.Algorithm.Name} {expected.Hex} expected, {found} found.");
        }
    }

    private static async Task<OvaVolumeMember> FindAsync(
        OvaContents contents,
        OvfVolume volume,
        Dictionary<string, TarMember> members,
        OvaManifest? manifest,
        CancellationToken cancellationToken)
    {
        // An href is a URI reference (DSP0243 1.1 §7.1): blanks and the like may be escaped. Members' names are checked already.
        var member = members.GetValueOrDefault(volume.Href) ?? members.GetValueOrDefault(Uri.UnescapeDataString(volume.Href))
            ?? throw new InvalidOvaException($"The descriptor's file {MemberName.Quote(volume.Href)} is not in the archive.");
        var list = members.GetValueOrDefault(member.Name + OvfNames.BlockListSuffix);
        var isGzip = IsGzip(contents, member, volume, isOurs: list is not null);
        CheckSizes(member, volume, isGzip);
        if (list is not null)
        {
            await CheckAsync(contents, list, manifest, cancellationToken);
        }

        return new OvaVolumeMember
        {
            Volume = volume with { Href = member.Name, StoredSize = member.Size },
            Stored = contents.Region(member),
            IsGzip = isGzip,
            Expected = manifest?.Require(member.Name),
            BlockList = list is null ? null : contents.Region(list),
        };
    }

    /// <summary>
    /// By the bytes, for others forget to declare it. A raw volume may begin like a gzip, though: where the descriptor speaks of no compression, an archive of
    /// ours means that, and so does a member that fills its disk exactly.
    /// </summary>
    private static bool IsGzip(OvaContents contents, TarMember member, OvfVolume volume, bool isOurs)
    {
        var looksLikeGzip = member.Size > 0 && ScratchArchive.IsGzip(contents.File, member.Offset);
        return (volume.IsGzip, looksLikeGzip) switch
        {
            (true, false) => throw new InvalidOvaException($"{MemberName.Quote(member.Name)} is declared gzip and does not begin like one."),
            (true, true) => true,
            _ => looksLikeGzip && !isOurs && member.Size != volume.Capacity,
        };
    }

    private static void CheckSizes(TarMember member, OvfVolume volume, bool isGzip)
    {
        if (volume.StoredSize is { } told && told != member.Size)
        {
            throw new InvalidOvaException($"The descriptor says that {MemberName.Quote(member.Name)} has {told} bytes; the member has {member.Size}.");
        }

        if (!isGzip && member.Size > volume.Capacity)
        {
            throw new InvalidOvaException(
                $"{MemberName.Quote(member.Name)} has {member.Size} bytes, more than its disk's capacity of {volume.Capacity}.");
        }
    }

    private static ValueTask NoProgress(long bytesDone, CancellationToken cancellationToken) => ValueTask.CompletedTask;
}
