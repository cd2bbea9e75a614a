namespace ImageBackup.Core.ObjectStorage;

/// <summary>An object, or a file at a URL, to be copied to a file.</summary>
public sealed record ObjectDownload
{
    public required IDownloadSource Source { get; init; }

    /// <summary>The final name of the file. It appears complete and checked, or not at all; until then the bytes are in <see cref="PartialPath"/>.</summary>
    public required string FilePath { get; init; }

    /// <summary>The SHA-256 that the object must have, lower-case hex. When null, the one in its metadata counts, if any.</summary>
    public string? Sha256 { get; init; }

    /// <summary>The last state that an interrupted run of this download saved; null for a first run.</summary>
    public DownloadResume? Resume { get; init; }

    /// <summary>Saves the state that a later run needs to resume. Called every few seconds, after the bytes are on the disk.</summary>
    public required Func<DownloadResume, CancellationToken, Task> SaveResume { get; init; }

    /// <summary>The directory of the incomplete file, on the same file system; null for that of the file.</summary>
    public string? WorkDirectory { get; init; }

    /// <summary>The name of the file while it is incomplete.</summary>
    public string PartialPath => PartialPathOf(WorkDirectory is null ? FilePath : Path.Combine(WorkDirectory, Path.GetFileName(FilePath)));

    internal static string PartialPathOf(string filePath) => filePath + ".partial";
}

/// <summary>The state that a later run needs to resume a download.</summary>
/// <param name="ETag">The object's ETag. When it differs, the download starts from the beginning.</param>
/// <param name="Length">Bytes of the object.</param>
/// <param name="PartSize">Bytes of every range but the last.</param>
/// <param name="Done">One bit a range, lowest first, base64: set when the range is on the disk.</param>
/// <param name="Begun">The bytes on the disk of each range that is begun, by the range's number; null in a state of an earlier release.</param>
public sealed record DownloadResume(string ETag, long Length, long PartSize, string Done, IReadOnlyDictionary<int, long>? Begun = null);

/// <summary>A completed download.</summary>
/// <param name="Stored">The object.</param>
/// <param name="Sha256">The SHA-256 of the file on the disk, lower-case hex.</param>
public sealed record DownloadedObject(StoredObject Stored, string Sha256);
