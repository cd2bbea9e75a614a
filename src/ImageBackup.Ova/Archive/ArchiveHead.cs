using System.Security.Cryptography;
using System.Text;
using ImageBackup.Ova.Descriptor;
using ImageBackup.Ova.Tar;

namespace ImageBackup.Ova.Archive;

/// <summary>
/// The beginning of an archive: descriptor and manifest (DSP0243 1.1 §5.3). Its length is known before the volumes are packed, because the names are known, digests
/// have a fixed length, and the descriptor is padded with blanks to the length that it has with the largest sizes.
/// </summary>
/// <param name="name">The archive's name without the extension.</param>
/// <param name="modified">Modification time of the members.</param>
internal sealed class ArchiveHead(string name, DateTimeOffset modified)
{
    /// <summary>The bytes of the first volume begin at a multiple of this: the block size of file systems that share blocks between files (XFS, btrfs).</summary>
    private const int Alignment = 4096;

    private string DescriptorName => name + MemberName.DescriptorSuffix;

    private string ManifestName => name + MemberName.ManifestSuffix;

    /// <summary>Returns the bytes to reserve.</summary>
    /// <param name="outline">The descriptor; its sizes do not count.</param>
    /// <param name="firstHeaderLength">Bytes of the tar header of the first volume.</param>
    public long LengthOf(OvfDescriptor outline, long firstHeaderLength)
    {
        var largest = outline with
        {
            Volumes = [.. outline.Volumes.Select(volume => volume with { StoredSize = long.MaxValue })],
            OtherFiles = [.. outline.OtherFiles.Select(file => file with { Size = long.MaxValue })],
        };
        var length = TarHeaders.RoundUp(OvfDescriptorWriter.Write(largest).Length) + LengthBeside(outline);
        var padding = (Alignment - ((length + firstHeaderLength) % Alignment)) % Alignment;
        return length + padding;
    }

    /// <summary>Returns the tar members of descriptor and manifest.</summary>
    /// <param name="descriptor">The descriptor with the sizes as stored.</param>
    /// <param name="digests">Name and SHA-256 of the other members.</param>
    /// <param name="length">The reserved bytes.</param>
    /// <param name="manifestSha256">SHA-256 of the manifest, lower-case hex.</param>
    /// <exception cref="InvalidOvaException">The reserved bytes do not suffice.</exception>
    public byte[] Format(OvfDescriptor descriptor, IEnumerable<(string Name, string Sha256)> digests, long length, out string manifestSha256)
    {
        var text = Pad(OvfDescriptorWriter.Write(descriptor), length - LengthBeside(descriptor));
        var manifest = Encoding.UTF8.GetBytes(OvaManifest.Format([(DescriptorName, Convert.ToHexStringLower(SHA256.HashData(text))), .. digests]));
        manifestSha256 = Convert.ToHexStringLower(SHA256.HashData(manifest));
        return
        [
            .. TarHeaders.For(DescriptorName, text.Length, modified),
            .. text,
            .. TarHeaders.For(ManifestName, manifest.Length, modified),
            .. manifest,
            .. new byte[TarHeaders.RoundUp(manifest.Length) - manifest.Length],
        ];
    }

    /// <summary>Returns the bytes of the head without the descriptor's text.</summary>
    private long LengthBeside(OvfDescriptor outline)
    {
        var names = outline.Volumes.Select(volume => volume.Href).Concat(outline.OtherFiles.Select(file => file.Href));
        var manifest = OvaManifest.Format(names.Prepend(DescriptorName).Select(member => (member, new string('0', 2 * SHA256.HashSizeInBytes))));
        return TarHeaders.For(DescriptorName, 0, modified).Length
            + TarHeaders.For(ManifestName, 0, modified).Length
            + TarHeaders.RoundUp(Encoding.UTF8.GetByteCount(manifest));
    }

    /// <summary>Adds blanks behind the root element, where XML allows white space.</summary>
    private static byte[] Pad(byte[] descriptor, long length)
    {
        if (length < descriptor.Length)
        {
            throw new InvalidOvaException($"The descriptor has {descriptor.Length} bytes; {length} were reserved for it in the archive. Write the archive again.");
        }

        var padded = new byte[length];
        padded.AsSpan().Fill((byte)' ');
        descriptor.CopyTo(padded, 0);
        if (length > descriptor.Length)
        {
            padded[^1] = (byte)'\n';
        }

        return padded;
    }
}
