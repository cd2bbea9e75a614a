using ImageBackup.Ova.Descriptor;

namespace ImageBackup.Ova.Archive;

/// <summary>A file that goes into an archive as a member: a volume as stored, or its block list (<c>&lt;volume&gt;.blocks</c>).</summary>
public sealed record OvaMember
{
    /// <summary>The name of the member that holds a volume's block list.</summary>
    public static string BlockListOf(string volume) => volume + OvfNames.BlockListSuffix;

    /// <summary>Name in the archive; a plain file name.</summary>
    public required string Name { get; init; }

    /// <summary>The file whose bytes are the member.</summary>
    public required string FilePath { get; init; }

    /// <summary>Bytes of the file.</summary>
    public required long Size { get; init; }

    /// <summary>SHA-256 of the file, hex: what the manifest will say.</summary>
    public required string Sha256 { get; init; }

    /// <summary>
    /// True where the member's bytes should start at a multiple of 4096 in the archive, so that the file system can share blocks.
    /// Honoured for the first such member alone: tar gives no room between members.
    /// </summary>
    public bool AlignData { get; init; }
}

/// <summary>The archive under its final name.</summary>
/// <param name="Size">Bytes.</param>
/// <param name="Sha256">SHA-256 of the whole archive, lower-case hex.</param>
public sealed record WrittenOva(long Size, string Sha256);
