using System.Security.Cryptography;
using System.Text;
using ImageBackup.Ova.Tar;

namespace ImageBackup.Ova.Archive;

/// <summary>A piece of an archive: bytes in memory, or a whole file.</summary>
internal sealed record ArchivePiece(long Offset, long Length, byte[]? Bytes, string? FilePath);

/// <summary>The offset of every member of an archive, computed before the archive is written.</summary>
internal sealed class ArchivePlan
{
    /// <summary>Block size of the file systems that share blocks between files (XFS, btrfs).</summary>
    private const int Alignment = 4096;

    private readonly List<ArchivePiece> pieces = [];
    private readonly DateTimeOffset modified;

    private ArchivePlan(DateTimeOffset modified) => this.modified = modified;

    /// <summary>Bytes of the archive.</summary>
    public long Length { get; private set; }

    /// <summary>The pieces in order. Only the zeros that pad a member to a whole tar block lie between them.</summary>
    public IReadOnlyList<ArchivePiece> Pieces => pieces;

    /// <summary>Plans an archive: descriptor, manifest, then the members in the given order.</summary>
    public static ArchivePlan Create(string name, byte[] descriptor, IReadOnlyList<OvaMember> members, DateTimeOffset modified)
    {
        var descriptorName = name + MemberName.DescriptorSuffix;
        var manifestName = name + MemberName.ManifestSuffix;
        var digests = members.Select(member => (member.Name, member.Sha256));

        // The manifest's length does not depend on the digests in it, so a first plan shows how much padding the data needs.
        var unpadded = new ArchivePlan(modified);
        unpadded.Add(descriptorName, Pad(descriptor, TarHeaders.RoundUp(descriptor.Length)));
        unpadded.Add(manifestName, Manifest(descriptorName, descriptor, digests));
        var start = unpadded.Add(members);
        var padding = start is { } offset ? (Alignment - (offset % Alignment)) % Alignment : 0;

        var padded = Pad(descriptor, TarHeaders.RoundUp(descriptor.Length) + padding);
        var plan = new ArchivePlan(modified);
        plan.Add(descriptorName, padded);
        plan.Add(manifestName, Manifest(descriptorName, padded, digests));
        plan.Add(members);
        plan.Length += TarHeaders.EndLength;
        return plan;
    }

    /// <summary>Adds blanks behind the root element, where XML allows white space.</summary>
    private static byte[] Pad(byte[] descriptor, long length)
    {
        var padded = new byte[length];
        padded.AsSpan().Fill((byte)' ');
        descriptor.CopyTo(padded, 0);
        if (length > descriptor.Length)
        {
            padded[^1] = (byte)'\n';
        }

        return padded;
    }

    private static byte[] Manifest(string name, byte[] descriptor, IEnumerable<(string Name, string Sha256)> members) =>
        Encoding.UTF8.GetBytes(OvaManifest.Format([(name, Convert.ToHexStringLower(SHA256.HashData(descriptor))), .. members]));

    private void Add(string name, byte[] bytes)
    {
        Add(TarHeaders.For(name, bytes.Length, modified));
        Add(bytes);
    }

    /// <summary>Adds the members. Returns the offset of the first member whose data must be aligned.</summary>
    private long? Add(IReadOnlyList<OvaMember> members)
    {
        long? aligned = null;
        foreach (var member in members)
        {
            Add(TarHeaders.For(member.Name, member.Size, modified));
            aligned ??= member.AlignData ? Length : null;
            pieces.Add(new ArchivePiece(Length, member.Size, null, member.FilePath));
            Length = TarHeaders.RoundUp(Length + member.Size);
        }

        return aligned;
    }

    private void Add(byte[] bytes)
    {
        pieces.Add(new ArchivePiece(Length, bytes.Length, bytes, null));
        Length = TarHeaders.RoundUp(Length + bytes.Length);
    }
}
