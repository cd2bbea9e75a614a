using System.Security.Cryptography;
using System.Text;
using ImageBackup.Ova.Descriptor;
using ImageBackup.Ova.Tar;

namespace ImageBackup.Ova.Archive;

/// <summary>A run of the archive: bytes at hand, or a whole file.</summary>
internal sealed record ArchivePiece(long Offset, long Length, byte[]? Bytes, string? FilePath);

/// <summary>Where every byte of an archive will lie, known before the first is written.</summary>
internal sealed class ArchivePlan
{
    /// <summary>Block size of the file systems that can share blocks between files.</summary>
    private const int Alignment = 4096;

    private readonly List<ArchivePiece> pieces = [];
    private readonly DateTimeOffset modified;

    private ArchivePlan(DateTimeOffset modified) => this.modified = modified;

    public long Length { get; private set; }

    /// <summary>In the archive's order and without gaps, except that the zeros after a file are left out.</summary>
    public IReadOnlyList<ArchivePiece> Pieces => pieces;

    /// <summary>Descriptor, manifest, members.</summary>
    public static ArchivePlan Create(string name, byte[] descriptor, IReadOnlyList<OvaMember> members, DateTimeOffset modified)
    {
        var descriptorName = name + OvfNames.DescriptorSuffix;
        var manifestName = name + OvaManifest.Suffix;
        var digests = members.Select(member => (member.Name, member.Sha256));

        // A digest has one length whatever it says, so the plan without padding tells where the padded one puts the data.
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

    /// <summary>White space after the root element is a document's own business.</summary>
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

    /// <summary>Returns where the bytes of the first member begin that wants them aligned.</summary>
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
