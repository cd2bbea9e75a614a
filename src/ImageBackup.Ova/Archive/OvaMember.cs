namespace ImageBackup.Ova.Archive;

/// <summary>A file to store in an archive: a packed volume, or the block list of one.</summary>
public sealed record OvaMember
{
    /// <summary>Returns the name of a volume's block list: <c>&lt;volume&gt;.blocks</c>.</summary>
    public static string BlockListOf(string volume) => volume + MemberName.BlockListSuffix;

    /// <summary>Name in the archive: a plain file name of at most 255 bytes of UTF-8.</summary>
    public required string Name { get; init; }

    /// <summary>Path of the file.</summary>
    public required string FilePath { get; init; }

    /// <summary>Size of the file in bytes.</summary>
    public required long Size { get; init; }

    /// <summary>SHA-256 of the file in hex, for the manifest.</summary>
    public required string Sha256 { get; init; }

    /// <summary>
    /// True to begin the member's data at a multiple of 4096 bytes in the archive, so that the file system can share blocks. Only the first such member is
    /// aligned: tar has no padding between members.
    /// </summary>
    public bool AlignData { get; init; }
}

/// <summary>An archive that was written.</summary>
/// <param name="Size">Size in bytes.</param>
/// <param name="Sha256">SHA-256 of the archive, lower-case hex.</param>
public sealed record WrittenOva(long Size, string Sha256);
