namespace ImageBackup.Core.ObjectStorage;

/// <summary>An object to be made a file.</summary>
public sealed record ObjectDownload
{
    public required Bucket Bucket { get; init; }

    /// <summary>The object's name.</summary>
    public required string Key { get; init; }

    /// <summary>The file's final name; it appears complete and checked, or not at all (<see cref="PartialPath"/> meanwhile).</summary>
    public required string FilePath { get; init; }

    /// <summary>The SHA-256 that the object must have, lower-case hex; where null, the one its metadata names, if any.</summary>
    public string? Sha256 { get; init; }

    /// <summary>What an interrupted run of the same download saved last; null for a first run.</summary>
    public DownloadResume? Resume { get; init; }

    /// <summary>Keeps what a later run needs in order to go on; called every few seconds, after the bytes it speaks of are on the disk.</summary>
    public required Func<DownloadResume, CancellationToken, Task> SaveResume { get; init; }

    /// <summary>The file's name while it is incomplete.</summary>
    public string PartialPath => FilePath + ".partial";
}

/// <summary>What a later run needs in order to go on with a download.</summary>
/// <param name="ETag">The object's; another one and the download starts anew.</param>
/// <param name="Length">The object's bytes.</param>
/// <param name="PartSize">Bytes of every range but the last.</param>
/// <param name="Done">One bit a range, lowest first, base64: set where the range is on the disk.</param>
public sealed record DownloadResume(string ETag, long Length, long PartSize, string Done);

/// <summary>What was fetched.</summary>
/// <param name="Stored">The object.</param>
/// <param name="Sha256">Of the file as it now lies on the disk, lower-case hex.</param>
public sealed record DownloadedObject(StoredObject Stored, string Sha256);
