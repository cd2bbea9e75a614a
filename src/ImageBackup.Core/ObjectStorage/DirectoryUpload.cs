using Microsoft.Win32.SafeHandles;

namespace ImageBackup.Core.ObjectStorage;

/// <summary>
/// One open multipart upload of the embedded store: a directory with <c>upload.json</c>, the object's bytes in <c>data</c>, each part written at its place,
/// and one <c>part-…json</c> for each part that is whole.
/// </summary>
internal sealed class DirectoryUpload
{
    private readonly DirectoryBucket bucket;
    private readonly OpenUpload upload;
    private readonly string directory;

    private DirectoryUpload(DirectoryBucket bucket, OpenUpload upload)
    {
        this.bucket = bucket;
        this.upload = upload;
        directory = Path.Combine(bucket.Uploads, upload.UploadId);
    }

    private string DataPath => Path.Combine(directory, "data");

    /// <summary>Returns the new upload's id.</summary>
    public static string Create(DirectoryBucket bucket, string key, IReadOnlyDictionary<string, string> metadata)
    {
        var id = Guid.NewGuid().ToString("n");
        var directory = Directory.CreateDirectory(Path.Combine(bucket.Uploads, id)).FullName;
        File.OpenHandle(Path.Combine(directory, "data"), FileMode.CreateNew, FileAccess.Write).Dispose();
        DurableJson.Write(Path.Combine(directory, "upload.json"), new Description(key, new Dictionary<string, string>(metadata)));
        return id;
    }

    public static DirectoryUpload Open(DirectoryBucket bucket, OpenUpload upload)
    {
        var found = new DirectoryUpload(bucket, upload);
        return Guid.TryParseExact(upload.UploadId, "n", out _) && File.Exists(Path.Combine(found.directory, "upload.json"))
            ? found
            : throw found.Gone();
    }

    public static IEnumerable<OpenUpload> List(DirectoryBucket bucket)
        => Directory.Exists(bucket.Uploads)
            ? Directory.EnumerateDirectories(bucket.Uploads)
                .Select(directory => (Id: Path.GetFileName(directory), Described: DurableJson.Find<Description>(Path.Combine(directory, "upload.json"))))
                .Where(found => found.Described is not null)
                .Select(found => new OpenUpload(bucket.Name, found.Described!.Key, found.Id))
            : [];

    public static void Remove(DirectoryBucket bucket, OpenUpload upload)
    {
        var found = new DirectoryUpload(bucket, upload);
        if (Guid.TryParseExact(upload.UploadId, "n", out _) && Directory.Exists(found.directory))
        {
            // First what makes it an upload: a removal that is cut short must not leave one that looks whole.
            File.Delete(Path.Combine(found.directory, "upload.json"));
            Directory.Delete(found.directory, recursive: true);
        }
    }

    public SafeFileHandle OpenData()
    {
        try
        {
            return File.OpenHandle(DataPath, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            throw Gone();
        }
    }

    /// <summary>Says that the part is whole and on the disk.</summary>
    public UploadedPart Record(int number, FileRange range)
    {
        var part = new Part(number, range.Offset, range.Length, Guid.NewGuid().ToString("n"));
        try
        {
            DurableJson.Write(Path.Combine(directory, $"part-{number:00000}.json"), part);
            return part.ToPart();
        }
        catch (DirectoryNotFoundException)
        {
            throw Gone();
        }
    }

    public IReadOnlyList<Part> Parts()
        => [.. Directory.EnumerateFiles(directory, "part-*.json").Select(DurableJson.Read<Part>).OrderBy(part => part.Number)];

    /// <summary>Makes the object of exactly these parts, which must follow each other from byte 0.</summary>
    public void Complete(IReadOnlyList<UploadedPart> parts)
    {
        var held = Parts();
        if (parts.Count == 0 || !held.Select(part => part.ToPart()).SequenceEqual(parts))
        {
            throw bucket.Failure(ObjectStoreFault.Refused, $"the upload of '{upload.Key}' does not consist of the parts named");
        }

        var end = 0L;
        foreach (var part in held)
        {
            if (part.Offset != end)
            {
                throw bucket.Failure(ObjectStoreFault.Refused, $"part {part.Number} of '{upload.Key}' begins at byte {part.Offset}, the one before it ends at {end}");
            }

            end += part.Size;
        }

        using (var data = OpenData())
        {
            RandomAccess.SetLength(data, end);
            RandomAccess.FlushToDisk(data);
        }

        bucket.Publish(DataPath, upload.Key, DurableJson.Read<Description>(Path.Combine(directory, "upload.json")).Metadata);
        Remove(bucket, upload);
    }

    private ObjectStoreException Gone() => bucket.Failure(ObjectStoreFault.NoUpload, $"there is no open upload of '{upload.Key}' with the id '{upload.UploadId}'");

    /// <summary>A part that is whole.</summary>
    internal sealed record Part(int Number, long Offset, long Size, string ETag)
    {
        public UploadedPart ToPart() => new(Number, Size, ETag);
    }

    private sealed record Description(string Key, Dictionary<string, string> Metadata);
}
