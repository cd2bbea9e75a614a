using ImageBackup.Disks;
using ImageBackup.Disks.Opening;
using ImageBackup.Ova.Blocks;
using ImageBackup.Ova.Descriptor;
using ImageBackup.Ova.Tar;

namespace ImageBackup.Ova.Archive;

/// <summary>
/// Reads an archive's descriptor, manifest and <c>.meta</c> file, in any order, and finds the volumes without reading them. The digests of the small members
/// are checked. Those of the volumes are checked when they are restored, or by <see cref="OvaVerifier"/>.
/// </summary>
public static class OvaReader
{
    /// <summary>Reads an archive. A compressed archive is unpacked into the scratch directory; progress is in bytes of the compressed file.</summary>
    /// <exception cref="InvalidOvaException">The archive is refused. No unpacked copy is left.</exception>
    /// <exception cref="IOException">The file cannot be read, or the scratch directory's disk is full.</exception>
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
        var descriptorMember = contents.Single(MemberName.DescriptorSuffix)
            ?? throw new InvalidOvaException("The archive has no descriptor. Expected: one member that ends in .ovf.");
        await CheckAsync(contents, descriptorMember, manifest, cancellationToken);
        var meta = contents.Single(MemberName.MetaSuffix) is { } metaMember
            ? await ReadMetaAsync(contents, metaMember, manifest, cancellationToken)
            : null;
        var descriptor = OvfDescriptorReader.Read(contents.Read(descriptorMember), descriptorMember.Name, meta, options);

        var members = contents.Members.ToDictionary(member => member.Name, StringComparer.Ordinal);
        var folder = MemberName.Folder(descriptorMember.Name);
        List<OvaVolumeMember> volumes = [];
        foreach (var volume in descriptor.Volumes)
        {
            volumes.Add(volume.IsBlank ? Blank(contents, volume) : await FindAsync(contents, folder, volume, members, manifest, options, cancellationToken));
        }

        return new OvaArchive
        {
            Path = contents.Path,
            ScratchFile = contents.ScratchFile,
            Descriptor = descriptor with { Volumes = [.. volumes.Select(volume => volume.Volume)] },
            Volumes = volumes,
            ManifestSha256 = manifest?.Sha256,
        };
    }

    /// <summary>Returns a disk without a file, which is empty (DSP0243 1.1 §9.1).</summary>
    private static OvaVolumeMember Blank(OvaContents contents, OvfVolume volume) => new()
    {
        Volume = volume,
        Stored = new FileRegion(contents.Path, 0, 0),
        Encoding = MemberEncoding.Raw,
        Disk = new DiskSummary(DiskFormat.Raw, null, 0),
    };

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
        return OvaMeta.Parse(contents.ReadText(member), member.Name);
    }

    private static async Task CheckAsync(OvaContents contents, TarMember member, OvaManifest? manifest, CancellationToken cancellationToken)
    {
        if (manifest?.Require(member.Name) is { } expected
            && await contents.HashAsync(member, expected, NoProgress, cancellationToken) is var found
            && found != expected)
        {
            throw new InvalidOvaException(
                $"{MemberName.Quote(member.Name)} differs from the manifest: {expected.Algorithm} {expected.Hex} expected, {found.Hex} found.");
        }
    }

    private static async Task<OvaVolumeMember> FindAsync(
        OvaContents contents,
        string folder,
        OvfVolume volume,
        Dictionary<string, TarMember> members,
        OvaManifest? manifest,
        OvaReaderOptions options,
        CancellationToken cancellationToken)
    {
        // An href is a URI reference (DSP0243 1.1 §7.1), so characters may be percent-encoded.
        var member = members.GetValueOrDefault(folder + volume.Href) ?? members.GetValueOrDefault(folder + Uri.UnescapeDataString(volume.Href))
            ?? throw new InvalidOvaException($"The descriptor's file {MemberName.Quote(volume.Href)} is not in the archive.");
        var list = members.GetValueOrDefault(member.Name + MemberName.BlockListSuffix);
        CheckStoredSize(member, volume);
        using var source = contents.Open(member);
        var inspector = new MemberDisk(member.Name, volume);
        var (encoding, disk) = list is not null || options.ForceRaw ? inspector.TakeAsRaw(source) : inspector.Inspect(source, cancellationToken);
        CheckCapacity(member, volume, disk);
        if (list is not null)
        {
            await CheckAsync(contents, list, manifest, cancellationToken);
        }

        return new OvaVolumeMember
        {
            Volume = volume with { Href = member.Name, StoredSize = member.Size },
            Stored = contents.Region(member),
            Encoding = encoding,
            Disk = disk,
            Expected = manifest?.Require(member.Name),
            BlockList = list is null ? null : contents.Region(list),
        };
    }

    private static void CheckStoredSize(TarMember member, OvfVolume volume)
    {
        if (volume.StoredSize is { } told && told != member.Size)
        {
            throw new InvalidOvaException($"The descriptor says that {MemberName.Quote(member.Name)} has {told} bytes; the member has {member.Size}.");
        }
    }

    private static void CheckCapacity(TarMember member, OvfVolume volume, DiskSummary disk)
    {
        if (disk.Length > volume.Capacity)
        {
            throw new InvalidOvaException(disk.IsPlain
                ? $"{MemberName.Quote(member.Name)} has {disk.Length} bytes, more than its disk's capacity of {volume.Capacity}."
                : $"The {disk} disk in {MemberName.Quote(member.Name)} has {disk.Length} bytes, more than its capacity of {volume.Capacity} in the descriptor.");
        }
    }

    private static ValueTask NoProgress(long bytesDone, CancellationToken cancellationToken) => ValueTask.CompletedTask;
}
