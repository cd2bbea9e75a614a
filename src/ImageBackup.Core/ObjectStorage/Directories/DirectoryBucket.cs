using System.Security.Cryptography;
using System.Text;
using ImageBackup.Disks;
using ImageBackup.Ova.IO;
using Microsoft.Win32.SafeHandles;

namespace ImageBackup.Core.ObjectStorage.Directories;

/// <summary>
/// One bucket of the embedded store. Its directory <c>.imagebackup</c> contains <c>uploads</c> and
/// <c>metadata/&lt;SHA-256 of the key&gt;/&lt;size&gt;-&lt;time&gt;.json</c>. The name of a metadata file identifies the object's file by size and time of change, so
/// that renaming an object replaces it together with its metadata. A file that was copied into the directory by hand is an object without metadata.
/// </summary>
internal sealed class DirectoryBucket
{
    private readonly string directory;

    private DirectoryBucket(string root, string name)
    {
        Name = name;
        directory = Path.Combine(root, name);
    }

    public string Name { get; }

    public string Uploads => Path.Combine(directory, BucketNames.Hidden, "uploads");

    public static DirectoryBucket Open(string root, string name)
    {
        var bucket = new DirectoryBucket(root, name);
        if (!BucketNames.IsBucketName(name))
        {
            throw bucket.Failure(ObjectStoreError.NoBucket, BucketNames.BucketRule);
        }

        return Directory.Exists(bucket.directory)
            ? bucket
            : throw bucket.Failure(ObjectStoreError.NoBucket, "the bucket does not exist; to create it, create a directory of that name in the directory of the store");
    }

    /// <summary>Returns an exception for callers. Its cause names the directory, for the log.</summary>
    public ObjectStoreException Failure(ObjectStoreError error, string why)
        => new(error, $"Bucket '{Name}' at {DirectoryObjectStore.Description}: {why}.", new IOException($"The bucket is the directory {directory}."));

    /// <summary>Returns the file of an object.</summary>
    /// <exception cref="ObjectStoreException"><see cref="ObjectStoreError.Refused"/>: the name or a symbolic link leads out of the bucket.</exception>
    public string PathOf(string key)
    {
        if (BucketNames.WhyNoKey(key) is { } why)
        {
            throw Failure(ObjectStoreError.Refused, $"'{key}' cannot be the name of an object: {why}");
        }

        var path = directory;
        foreach (var segment in key.Split('/'))
        {
            path = Path.Combine(path, segment);
            if (new FileInfo(path).LinkTarget is not null)
            {
                throw Failure(ObjectStoreError.Refused, $"object '{key}' leads out of the bucket through a symbolic link");
            }
        }

        return path;
    }

    public SafeFileHandle OpenObject(string key)
    {
        var path = PathOf(key);
        try
        {
            return RegularFile.OpenItself(path, share: FileShare.ReadWrite | FileShare.Delete);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException || Directory.Exists(path))
        {
            throw Failure(ObjectStoreError.NoObject, $"there is no object '{key}'");
        }
        catch (IOException) when (!RegularFile.Is(path))
        {
            throw Failure(ObjectStoreError.Refused, $"object '{key}' is not a regular file");
        }
    }

    public StoredObject Describe(string key, SafeFileHandle file)
    {
        var length = RandomAccess.GetLength(file);
        var changed = File.GetLastWriteTimeUtc(file);
        var described = DurableJson.Find<Description>(MetadataPath(key, length, changed));
        return new StoredObject(key, length, described?.ETag ?? $"{length:x}-{changed.Ticks:x}", changed, described?.Metadata ?? []);
    }

    /// <summary>Returns an object without its metadata, or null when it was deleted meanwhile.</summary>
    public StoredObject? Find(string key)
    {
        try
        {
            using var file = OpenObject(key);
            return Describe(key, file) with { Metadata = new Dictionary<string, string>() };
        }
        catch (ObjectStoreException gone) when (gone.Error is ObjectStoreError.NoObject or ObjectStoreError.Refused)
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

    /// <summary>Makes a flushed file the object. The metadata is written first; the rename then replaces object and metadata together.</summary>
    public StoredObject Publish(string file, string key, Dictionary<string, string> metadata)
    {
        var target = PathOf(key);
        var info = new FileInfo(file);
        var published = new StoredObject(key, info.Length, Guid.NewGuid().ToString("n"), info.LastWriteTimeUtc, metadata);
        var description = MetadataPath(key, published.Size, published.LastModified);
        Directory.CreateDirectory(MetadataDirectory(key));
        DurableJson.Write(description, new Description(key, published.ETag, metadata));
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Move(file, target, overwrite: true);
        }
        catch (IOException) when (File.Exists(Path.GetDirectoryName(target)) || Directory.Exists(target))
        {
            throw Failure(ObjectStoreError.Refused, $"object '{key}' cannot exist beside the present objects, because its name or a part of it is a file and a directory");
        }

        NativeFile.SyncDirectory(Path.GetDirectoryName(target)!);
        foreach (var former in Directory.EnumerateFiles(MetadataDirectory(key)).Where(other => other != description))
        {
            File.Delete(former);
        }

        return published;
    }

    public ObjectStoreException Changed(string key) => Failure(ObjectStoreError.Changed, $"object '{key}' has changed");

    /// <summary>Deletes an object that still has this ETag, its metadata and the directories that become empty.</summary>
    public void Delete(string key, string etag)
    {
        var path = PathOf(key);
        if (Find(key) is { } found && found.ETag != etag)
        {
            throw Changed(key);
        }

        var parent = Path.GetDirectoryName(path)!;
        if (File.Exists(path))
        {
            File.Delete(path);
            NativeFile.SyncDirectory(parent);
        }

        if (Directory.Exists(MetadataDirectory(key)))
        {
            Directory.Delete(MetadataDirectory(key), recursive: true);
        }

        while (parent.Length > directory.Length && Directory.Exists(parent) && !Directory.EnumerateFileSystemEntries(parent).Any())
        {
            Directory.Delete(parent);
            parent = Path.GetDirectoryName(parent)!;
        }
    }

    private string MetadataDirectory(string key)
        => Path.Combine(directory, BucketNames.Hidden, "metadata", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key))));

    private string MetadataPath(string key, long length, DateTime changed) => Path.Combine(MetadataDirectory(key), $"{length}-{changed.Ticks}.json");

    private sealed record Description(string Key, string ETag, Dictionary<string, string> Metadata);
}
