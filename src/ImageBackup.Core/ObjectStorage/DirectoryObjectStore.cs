using System.Runtime.CompilerServices;
using System.Text;
using ImageBackup.Ova.IO;
using Microsoft.Win32.SafeHandles;

namespace ImageBackup.Core.ObjectStorage;

/// <summary>The embedded store: a bucket is a directory below the root, an object a plain file in it, under its own name.</summary>
internal sealed class DirectoryObjectStore(string root) : IObjectStore, IDisposable
{
    private const int CopyStep = 4 << 20;

    /// <summary>One object changes at a time, so that what is removed with a former object is never the next one's.</summary>
    private readonly SemaphoreSlim changes = new(1);

    public string Endpoint { get; } = Path.GetFullPath(root);

    public Task CheckBucketAsync(string bucket, CancellationToken cancellationToken)
    {
        _ = Open(bucket);
        return Task.CompletedTask;
    }

    public Task<StoredObject> HeadAsync(string bucket, string key, CancellationToken cancellationToken)
    {
        var place = Open(bucket);
        using var file = place.OpenObject(key);
        return Task.FromResult(place.Describe(key, file));
    }

    public async IAsyncEnumerable<StoredObject> ListAsync(string bucket, string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var place = Open(bucket);
        var keys = await Task.Run(() => place.Keys(prefix).Select(key => (Key: key, Bytes: Encoding.UTF8.GetBytes(key))).ToList(), cancellationToken);
        keys.Sort((one, other) => one.Bytes.AsSpan().SequenceCompareTo(other.Bytes));
        foreach (var (key, _) in keys)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (place.Find(key) is { } found)
            {
                yield return found;
            }
        }
    }

    public async Task GetRangeAsync(string bucket, string key, string etag, FileRange range, SafeFileHandle target, BytesMoved moved, CancellationToken cancellationToken)
    {
        var place = Open(bucket);
        using var file = place.OpenObject(key);
        if (place.Describe(key, file) is var found && (found.ETag != etag || range.End > found.Size))
        {
            throw place.Failure(ObjectStoreFault.Changed, $"object '{key}' is no longer the one it was");
        }

        await CopyAsync(file, range, target, moved, cancellationToken);
    }

    public async Task PutAsync(
        string bucket, string key, IReadOnlyDictionary<string, string> metadata, SafeFileHandle source, long length, BytesMoved moved, CancellationToken cancellationToken)
    {
        var place = Open(bucket);
        _ = place.PathOf(key);
        var temporary = place.NewTemporary();
        try
        {
            using (var file = File.OpenHandle(temporary, FileMode.CreateNew, FileAccess.Write))
            {
                RandomAccess.SetLength(file, length);
                await CopyAsync(source, new FileRange(0, length), file, moved, cancellationToken);
                RandomAccess.FlushToDisk(file);
            }

            await ChangeAsync(() => place.Publish(temporary, key, metadata), cancellationToken);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    public Task<OpenUpload> CreateUploadAsync(string bucket, string key, IReadOnlyDictionary<string, string> metadata, CancellationToken cancellationToken)
    {
        var place = Open(bucket);
        _ = place.PathOf(key);
        var id = DirectoryUpload.Create(place, key, metadata);
        return Task.FromResult(new OpenUpload(bucket, key, id));
    }

    public async Task<UploadedPart> UploadPartAsync(OpenUpload upload, int number, SafeFileHandle source, FileRange range, BytesMoved moved, CancellationToken cancellationToken)
    {
        var taken = DirectoryUpload.Open(Open(upload.Bucket), upload);
        using (var file = taken.OpenData())
        {
            // What an earlier attempt left must not show through the source's holes.
            NativeFile.PunchHole(file, range.Offset, range.Length);
            await CopyAsync(source, range, file, moved, cancellationToken);
            RandomAccess.FlushToDisk(file);
        }

        return taken.Record(number, range);
    }

    public Task<IReadOnlyList<UploadedPart>> ListPartsAsync(OpenUpload upload, CancellationToken cancellationToken)
        => Task.FromResult<IReadOnlyList<UploadedPart>>([.. DirectoryUpload.Open(Open(upload.Bucket), upload).Parts().Select(part => part.ToPart())]);

    public Task CompleteAsync(OpenUpload upload, IReadOnlyList<UploadedPart> parts, CancellationToken cancellationToken)
    {
        var place = Open(upload.Bucket);
        return ChangeAsync(() => DirectoryUpload.Open(place, upload).Complete(parts), cancellationToken);
    }

    public Task AbortAsync(OpenUpload upload, CancellationToken cancellationToken)
    {
        var place = Open(upload.Bucket);
        return ChangeAsync(() => DirectoryUpload.Remove(place, upload), cancellationToken);
    }

    public Task<IReadOnlyList<OpenUpload>> ListOpenUploadsAsync(string bucket, string prefix, CancellationToken cancellationToken)
        => Task.FromResult<IReadOnlyList<OpenUpload>>([.. DirectoryUpload.List(Open(bucket)).Where(upload => upload.Key.StartsWith(prefix, StringComparison.Ordinal))]);

    public Task DeleteAsync(string bucket, string key, CancellationToken cancellationToken)
    {
        var place = Open(bucket);
        return ChangeAsync(() => place.Delete(key), cancellationToken);
    }

    public void Dispose() => changes.Dispose();

    /// <summary>Copies the source's data to the same place in the target, inside the kernel, and leaves its holes holes.</summary>
    private static async Task CopyAsync(SafeFileHandle source, FileRange range, SafeFileHandle target, BytesMoved moved, CancellationToken cancellationToken)
    {
        for (var offset = range.Offset; offset < range.End;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var step = Math.Min(CopyStep, range.End - offset);
            var data = Math.Min(NativeFile.NextData(source, offset), offset + step);
            if (data == offset)
            {
                step = Math.Min(step, NativeFile.NextHole(source, offset) - offset);
                var copied = await Task.Run(() => NativeFile.CopyRange(source, offset, target, offset, step), cancellationToken);
                if (copied < step)
                {
                    throw new EndOfStreamException($"The file ends at byte {offset + copied}, within a range that ends at {range.End}.");
                }
            }
            else
            {
                step = data - offset;
            }

            offset += step;
            await moved((int)step, cancellationToken);
        }
    }

    private DirectoryBucket Open(string bucket) => DirectoryBucket.Open(Endpoint, bucket);

    private async Task ChangeAsync(Action change, CancellationToken cancellationToken)
    {
        await changes.WaitAsync(cancellationToken);
        try
        {
            await Task.Run(change, CancellationToken.None);
        }
        finally
        {
            changes.Release();
        }
    }
}
