using ImageBackup.Disks;
using Microsoft.Win32.SafeHandles;

namespace ImageBackup.Core.ObjectStorage.Directories;

/// <summary>
/// An unfinished put of the embedded store: a directory below <c>.imagebackup/uploads</c> with the bytes in <c>data</c>, and the object's key and the number of
/// bytes on the disk in <c>upload.json</c>.
/// </summary>
internal sealed class DirectoryUpload
{
    private const string DescriptionName = "upload.json";

    private readonly DirectoryBucket bucket;
    private readonly string directory;
    private readonly string key;

    private DirectoryUpload(DirectoryBucket bucket, string id, Description description)
    {
        this.bucket = bucket;
        Id = id;
        directory = Path.Combine(bucket.Uploads, id);
        (key, BytesOnDisk) = description;
    }

    public string Id { get; }

    /// <summary>Bytes from the start that a crash cannot lose.</summary>
    public long BytesOnDisk { get; private set; }

    private string DataPath => Path.Combine(directory, "data");

    public static DirectoryUpload Create(DirectoryBucket bucket, string key)
    {
        var id = Guid.NewGuid().ToString("n");
        var created = new DirectoryUpload(bucket, id, new Description(key, 0));
        Directory.CreateDirectory(created.directory);
        try
        {
            File.OpenHandle(created.DataPath, FileMode.CreateNew, FileAccess.Write).Dispose();
            DurableJson.Write(DescriptionPath(bucket, id), new Description(key, 0));
            return created;
        }
        catch
        {
            created.Remove();
            throw;
        }
    }

    /// <summary>Returns an earlier run's put of this key, or null when there is none or its data is not complete up to <see cref="BytesOnDisk"/>.</summary>
    public static DirectoryUpload? Find(DirectoryBucket bucket, string key, string? id)
        => Guid.TryParseExact(id, "n", out _)
            && DurableJson.Find<Description>(DescriptionPath(bucket, id)) is { } description && description.Key == key
            && new DirectoryUpload(bucket, id, description) is var found
            && new FileInfo(found.DataPath) is { Exists: true } data && data.Length >= found.BytesOnDisk
                ? found
                : null;

    /// <summary>Returns the ids and keys of all unfinished puts.</summary>
    public static IEnumerable<(string Id, string Key)> List(DirectoryBucket bucket)
        => Directory.Exists(bucket.Uploads)
            ? Directory.EnumerateDirectories(bucket.Uploads)
                .Select(directory => (Id: Path.GetFileName(directory), DurableJson.Find<Description>(Path.Combine(directory, DescriptionName))?.Key))
                .Where(found => found.Key is not null)
                .Select(found => (found.Id, found.Key!))
            : [];

    public static void RemoveAll(DirectoryBucket bucket, string key)
    {
        foreach (var (id, _) in List(bucket).Where(upload => upload.Key == key).ToList())
        {
            new DirectoryUpload(bucket, id, new Description(key, 0)).Remove();
        }
    }

    /// <summary>Removes directories without a description: what a kill left of a put that had just begun or was being removed.</summary>
    /// <param name="before">Younger ones stay. Another service may be creating them.</param>
    public static void RemoveRemains(string bucketDirectory, DateTime before)
    {
        var uploads = new DirectoryInfo(Path.Combine(bucketDirectory, BucketNames.Hidden, "uploads"));
        var remains = uploads.Exists
            ? uploads.GetDirectories().Where(upload => upload.LastWriteTimeUtc < before && !File.Exists(Path.Combine(upload.FullName, DescriptionName)))
            : [];
        foreach (var upload in remains)
        {
            upload.Delete(recursive: true);
        }
    }

    /// <summary>Opens the data with exactly <paramref name="length"/> bytes; everything behind <see cref="BytesOnDisk"/> is a hole.</summary>
    public SafeFileHandle OpenData(long length) => OrGone(() =>
    {
        var data = File.OpenHandle(DataPath, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        RandomAccess.SetLength(data, BytesOnDisk);
        RandomAccess.SetLength(data, length);
        return data;
    });

    /// <summary>Returns whether the bytes on the disk are still those of the file. Either may have changed since.</summary>
    public async Task<bool> IsBeginningOfAsync(SafeFileHandle file, CancellationToken cancellationToken)
    {
        using var data = OrGone(() => RegularFile.Open(DataPath));
        var copied = new FileRange(0, BytesOnDisk);
        return await RangeHash.Sha256Async(data, copied, cancellationToken) == await RangeHash.Sha256Async(file, copied, cancellationToken);
    }

    /// <summary>Flushes the data to the disk and records that it is complete up to <paramref name="bytes"/>.</summary>
    public void Save(SafeFileHandle data, long bytes) => OrGone(() =>
    {
        RandomAccess.FlushToDisk(data);
        DurableJson.Write(DescriptionPath(bucket, Id), new Description(key, bytes));
        return BytesOnDisk = bytes;
    });

    /// <summary>Makes the data the object.</summary>
    public StoredObject Publish(BackupMetadata metadata)
    {
        var stored = OrGone(() => bucket.Publish(DataPath, key, metadata.ToPairs()));
        Remove();
        return stored;
    }

    public void Remove()
    {
        if (Directory.Exists(directory))
        {
            // The description goes first: without it an interrupted removal does not look like an unfinished put.
            File.Delete(DescriptionPath(bucket, Id));
            Directory.Delete(directory, recursive: true);
        }
    }

    private static string DescriptionPath(DirectoryBucket bucket, string id) => Path.Combine(bucket.Uploads, id, DescriptionName);

    /// <summary>Another put of the same key, or an abandonment, may remove this one at any time.</summary>
    private T OrGone<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            throw bucket.Failure(ObjectStoreError.NoUpload, $"the upload '{Id}' of object '{key}' is no longer open");
        }
    }

    private sealed record Description(string Key, long BytesOnDisk);
}
