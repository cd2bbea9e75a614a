using System.Text;
using ImageBackup.Disks;
using ImageBackup.Disks.Unpacking;
using ImageBackup.Ova.IO;
using ImageBackup.Ova.Tar;
using Microsoft.Win32.SafeHandles;

namespace ImageBackup.Ova.Archive;

/// <summary>An open archive: its members and its manifest. Disposing keeps the unpacked copy of a compressed archive; <see cref="DeleteScratch"/> deletes it.</summary>
internal sealed class OvaContents : IDisposable
{
    private readonly OvaReaderOptions options;

    private OvaContents(SafeFileHandle file, string path, string? scratchFile, IReadOnlyList<TarMember> members, OvaReaderOptions options)
    {
        this.options = options;
        File = file;
        Path = path;
        ScratchFile = scratchFile;
        Members = members;
    }

    public SafeFileHandle File { get; }

    public string Path { get; }

    public string? ScratchFile { get; }

    public IReadOnlyList<TarMember> Members { get; }

    public static async Task<OvaContents> OpenAsync(string path, OvaReaderOptions options, OvaProgress progress, CancellationToken cancellationToken)
    {
        string? scratch = null;
        var file = options.RefusesLinks ? RegularFile.OpenItself(path, options: FileOptions.RandomAccess) : RegularFile.Open(path, options: FileOptions.RandomAccess);
        try
        {
            var compression = FormatOf(file);
            if (UnpackedStream.Reads(compression))
            {
                scratch = await new ScratchArchive(compression, options).UnpackAsync(path, progress, cancellationToken);
                file.Dispose();
                file = System.IO.File.OpenHandle(scratch, options: FileOptions.RandomAccess);
                RequireTar(FormatOf(file), $"The {DiskFormatNames.NameOf(compression)} file contains");
            }
            else
            {
                RequireTar(compression, "The file is");
            }

            var members = new TarReader(file, options.MaxMembers).ReadMembers(cancellationToken);
            return new OvaContents(file, scratch ?? path, scratch, members, options);
        }
        catch
        {
            file.Dispose();
            Delete(scratch);
            throw;
        }
    }

    private static DiskFormat FormatOf(SafeFileHandle file)
    {
        var head = new byte[DiskProbe.HeadLength];
        return DiskProbe.Probe(head.AsSpan(0, RandomAccess.Read(file, head, 0)), []);
    }

    /// <summary>Names a known format that is no tar. Old tar archives have no mark, so unknown bytes are read as tar.</summary>
    private static void RequireTar(DiskFormat format, string what)
    {
        if (format is not (DiskFormat.Tar or DiskFormat.Raw))
        {
            throw InvalidOvaException.Unsupported($"{what} {DiskFormatNames.NameOf(format)}, not an OVA. An OVA is a tar archive, alone or in gzip, xz or zstd.");
        }
    }

    /// <summary>Returns the only member with a suffix, or null.</summary>
    /// <exception cref="InvalidOvaException">Several members have the suffix.</exception>
    public TarMember? Single(string suffix)
    {
        var found = Members.Where(member => member.Name.EndsWith(suffix, StringComparison.OrdinalIgnoreCase)).ToList();
        return found.Count <= 1
            ? found.SingleOrDefault()
            : throw new InvalidOvaException($"The archive has {found.Count} members that end in {suffix}; one is expected.");
    }

    public OvaManifest? ReadManifest() =>
        Single(MemberName.ManifestSuffix) is { } member ? OvaManifest.Parse(Read(member), member.Name) : null;

    /// <summary>Reads a small member as UTF-8, without a byte order mark.</summary>
    public string ReadText(TarMember member) => Encoding.UTF8.GetString(Read(member)).TrimStart('\uFEFF');

    /// <summary>Reads a small member.</summary>
    public byte[] Read(TarMember member)
    {
        if (member.Size > options.MaxDescriptorBytes)
        {
            throw new InvalidOvaException($"{MemberName.Quote(member.Name)} has {member.Size} bytes. At most {options.MaxDescriptorBytes} are read.");
        }

        var bytes = new byte[member.Size];
        using var source = Open(member);
        source.Read(bytes, 0);
        return bytes;
    }

    /// <summary>Opens a member's bytes.</summary>
    public DiskSource Open(TarMember member) => MemberSource.Open(Region(member));

    public FileRegion Region(TarMember member) => new(Path, member.Offset, member.Size, member.SparseEntry);

    /// <summary>Returns the digest of a member's bytes, to compare with an expected one. Progress is in bytes of the member.</summary>
    public async Task<OvaDigest> HashAsync(TarMember member, OvaDigest expected, OvaProgress progress, CancellationToken cancellationToken)
    {
        const long window = 64L << 20;
        using var source = Open(member);
        using var hash = OvaDigest.HashFor(expected);
        for (var done = 0L; done < member.Size;)
        {
            var offset = done;
            var count = Math.Min(window, member.Size - offset);
            await Task.Run(() => SourceHash.Append(hash, source, offset, count, cancellationToken), cancellationToken);
            done += count;
            await progress(done, cancellationToken);
        }

        return OvaDigest.Finish(hash);
    }

    public void DeleteScratch() => Delete(ScratchFile);

    public void Dispose() => File.Dispose();

    private static void Delete(string? scratch)
    {
        if (scratch is not null)
        {
            System.IO.File.Delete(scratch);
        }
    }
}
