using System.Security.Cryptography;
using System.Text;
using ImageBackup.Core.Buckets;
using ImageBackup.Ova.IO;
using Microsoft.Win32.SafeHandles;

namespace ImageBackup.Core.ObjectStorage;

/// <summary>
/// One bucket of the embedded store. Beside the objects, in <c>.imagebackup</c>: <c>uploads</c>, and <c>metadata/&lt;SHA-256 of the key&gt;/&lt;size&gt;-&lt;time&gt;.json</c>.
/// A metadata file names the very file that it speaks of by size and time of change, so that the rename of an object is the one step in which it changes
/// together with its metadata; a file laid there by hand is an object without metadata.
/// </summary>
internal sealed class DirectoryBucket
{
    private readonly string endpoint;
    private readonly string name;
    private readonly string directory;

    private DirectoryBucket(string endpoint, string name)
    {
        this.endpoint = endpoint;
        this.name = name;
        directory = Path.Combine(endpoint, name);
    }

    public string Name => name;

    public string Uploads => Path.Combine(directory, BucketNames.Hidden, "uploads");

    public static DirectoryBucket Open(string endpoint, string name)
    {
        var bucket = new DirectoryBucket(endpoint, name);
        if (!BucketNames.IsBucketName(name))
        {
            throw bucket.Failure(ObjectStoreFault.NoBucket, "no bucket can have that name: 3 to 63 lower-case letters, digits, dots and dashes");
        }

        return Directory.Exists(bucket.directory)
            ? bucket
            : throw bucket.Failure(ObjectStoreFault.NoBucket, "the bucket does not exist; a bucket is a directory there");
    }

    public ObjectStoreException Failure(ObjectStoreFault fault, string why) => new(fault, $"Bucket '{name}' at {endpoint}: {why}.");

    /// <summary>The file of an object; refused where the name, or a link on the way, would lead elsewhere.</summary>
    public string PathOf(string key)
    {
        if (BucketNames.WhyNoKey(key) is { } why)
        {
            throw Failure(ObjectStoreFault.Refused, $"'{key}' can't be an object's name: {why}");
        }

        var path = directory;
        foreach (var segment in key.Split('/'))
        {
            path = Path.Combine(path, segment);
            if (new FileInfo(path).LinkTarget is not null)
            {
                throw Failure(ObjectStoreFault.Refused, $"object '{key}' leads out of the bucket by a symbolic link");
            }
        }

        return path;
    }

    public SafeFileHandle OpenObject(string key)
    {
        try
        {
            return File.OpenHandle(PathOf(key), share: FileShare.ReadWrite | FileShare.Delete);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException || Directory.Exists(PathOf(key)))
        {
            throw Failure(ObjectStoreFault.NoObject, $"there is no object '{key}'");
        }
    }

    public StoredObject Describe(string key, SafeFileHandle file)
    {
        var length = RandomAccess.GetLength(file);
        var changed = File.GetLastWriteTimeUtc(file);
        var kept = DurableJson.Find<Kept>(MetadataPath(key, length, changed));
        return new StoredObject(key, length, kept?.ETag ?? $"{length:x}-{changed.Ticks:x}", changed, kept?.Metadata ?? new Dictionary<string, string>());
    }

    /// <summary>As a listing shows it; null where it was deleted meanwhile.</summary>
    public StoredObject? Find(string key)
    {
        try
        {
            using var file = OpenObject(key);
            return Describe(key, file) with { Metadata = new Dictionary<string, string>() };
        }
        catch (ObjectStoreException gone) when (gone.Fault is ObjectStoreFault.NoObject or ObjectStoreFault.Refused)
        {
            return null;
        }
    }

    public IEnumerable<string> Keys(string prefix)
    {
        var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = false };
        var hidden = BucketNames.Hidden + "/";
        return Directory.EnumerateFiles(directory, "*", options)
            .Select(file => Path.GetRelativePath(directory, file))
            .Where(key => !key.StartsWith(hidden, StringComparison.Ordinal) && key.StartsWith(prefix, StringComparison.Ordinal));
    }

    /// <summary>A name for a file that becomes an object.</summary>
    public string NewTemporary() => Path.Combine(Directory.CreateDirectory(Uploads).FullName, $"put-{Guid.NewGuid():n}");

    /// <summary>Makes the temporary file, already on the disk, the object: metadata first, then the rename that changes both.</summary>
    public void Publish(string temporary, string key, IReadOnlyDictionary<string, string> metadata)
    {
        var target = PathOf(key);
        var info = new FileInfo(temporary);
        var keptPath = MetadataPath(key, info.Length, info.LastWriteTimeUtc);
        Directory.CreateDirectory(Path.GetDirectoryName(keptPath)!);
        DurableJson.Write(keptPath, new Kept(key, Guid.NewGuid().ToString("n"), new Dictionary<string, string>(metadata)));
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Move(temporary, target, overwrite: true);
        }
        catch (IOException) when (File.Exists(Path.GetDirectoryName(target)) || Directory.Exists(target))
        {
            throw Failure(ObjectStoreFault.Refused, $"'{key}' would be a file where there is a directory, or the other way round");
        }

        NativeFile.SyncDirectory(Path.GetDirectoryName(target)!);
        foreach (var former in Directory.EnumerateFiles(Path.GetDirectoryName(keptPath)!).Where(file => file != keptPath))
        {
            File.Delete(former);
        }
    }

    /// <summary>Removes object, metadata and the directories that are empty then.</summary>
    public void Delete(string key)
    {
        var path = PathOf(key);
        var kept = MetadataDirectory(key);
        if (File.Exists(path))
        {
            File.Delete(path);
            NativeFile.SyncDirectory(Path.GetDirectoryName(path)!);
        }

        if (Directory.Exists(kept))
        {
            Directory.Delete(kept, recursive: true);
        }

        for (var parent = Path.GetDirectoryName(path)!; parent.Length > directory.Length && Directory.Exists(parent); parent = Path.GetDirectoryName(parent)!)
        {
            if (Directory.EnumerateFileSystemEntries(parent).Any())
            {
                return;
            }

            Directory.Delete(parent);
        }
    }

    private string MetadataDirectory(string key)
        => Path.Combine(directory, BucketNames.Hidden, "metadata", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key))));

    private string MetadataPath(string key, long length, DateTime changed) => Path.Combine(MetadataDirectory(key), $"{length}-{changed.Ticks}.json");

    /// <summary>What is kept beside an object.</summary>
    private sealed record Kept(string Key, string ETag, Dictionary<string, string> Metadata);
}
