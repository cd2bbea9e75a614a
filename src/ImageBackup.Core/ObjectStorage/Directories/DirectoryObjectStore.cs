using System.Runtime.CompilerServices;
using System.Text;
using ImageBackup.Disks;
using ImageBackup.Ova;
using ImageBackup.Ova.IO;
using Microsoft.Win32.SafeHandles;

namespace ImageBackup.Core.ObjectStorage.Directories;

/// <summary>The embedded store: a bucket is a directory below the root, an object is a plain file of the same name in it.</summary>
internal sealed class DirectoryObjectStore(string root, TimeProvider time) : IObjectStore, IDisposable
{
    private const int CopyStep = 4 << 20;
    private static readonly TimeSpan SaveInterval = TimeSpan.FromSeconds(2);

    /// <summary>One object changes at a time, so that removing a former object's files never removes those of the next one.</summary>
    private readonly SemaphoreSlim changes = new(1);

    /// <summary>The store in messages, which name no directories of the server.</summary>
    public const string Description = "the embedded store";

    public string Endpoint => Description;

    public Task CheckBucketAsync(string bucket, CancellationToken cancellationToken)
    {
        _ = Open(bucket);
        return Task.CompletedTask;
    }

    public Task<StoredObject> HeadAsync(string bucket, string key, CancellationToken cancellationToken)
    {
        var directory = Open(bucket);
        using var file = directory.OpenObject(key);
        return Task.FromResult(directory.Describe(key, file));
    }

    public async IAsyncEnumerable<StoredObject> ListAsync(string bucket, string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var directory = Open(bucket);
        var keys = await Task.Run(() => directory.Keys(prefix).Select(key => (Key: key, Bytes: Encoding.UTF8.GetBytes(key))).ToList(), cancellationToken);
        keys.Sort((one, other) => one.Bytes.AsSpan().SequenceCompareTo(other.Bytes));
        foreach (var (key, _) in keys)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (directory.Find(key) is { } found)
            {
                yield return found;
            }
        }
    }

    public async Task GetRangeAsync(string bucket, string key, string etag, FileRange range, SafeFileHandle target, OvaProgress progress, CancellationToken cancellationToken)
    {
        var directory = Open(bucket);
        using var file = directory.OpenObject(key);
        if (directory.Describe(key, file) is var found && (found.ETag != etag || range.End > found.Size))
        {
            throw directory.Changed(key);
        }

        await CopyAsync(file, range, target, (reached, token) => progress(reached - range.Offset, token), cancellationToken);
    }

    public async Task<StoredObject> PutAsync(ObjectUpload upload, long partSize, OvaProgress progress, CancellationToken cancellationToken)
    {
        var directory = Open(upload.Bucket.Name);
        _ = directory.PathOf(upload.Key);
        using var file = RegularFile.OpenItself(upload.FilePath);
        var length = RandomAccess.GetLength(file);
        var unfinished = DirectoryUpload.Find(directory, upload.Key, upload.Resume?.UploadId);
        try
        {
            if (unfinished is not null && !await unfinished.IsBeginningOfAsync(file, cancellationToken))
            {
                unfinished.Remove();
                unfinished = null;
            }

            if (unfinished is null)
            {
                await AbandonPutAsync(directory.Name, upload.Key, cancellationToken);
                unfinished = DirectoryUpload.Create(directory, upload.Key);
                await upload.SaveResume(new UploadResume(unfinished.Id, partSize, length, File.GetLastWriteTimeUtc(file)), cancellationToken);
            }

            await CopyAsync(file, unfinished, length, partSize, upload.Metadata.Sha256, progress, cancellationToken);
            StoredObject? stored = null;
            await ChangeAsync(() => stored = unfinished.Publish(upload.Metadata), cancellationToken);
            return stored!;
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            unfinished?.Remove();
            throw;
        }
    }

    public Task AbandonPutAsync(string bucket, string key, CancellationToken cancellationToken)
    {
        var directory = Open(bucket);
        return ChangeAsync(() => DirectoryUpload.RemoveAll(directory, key), cancellationToken);
    }

    public async Task<bool> DeleteAsync(string bucket, string key, string etag, CancellationToken cancellationToken)
    {
        var directory = Open(bucket);
        await ChangeAsync(() => directory.Delete(key, etag), cancellationToken);
        return false;
    }

    public void Dispose() => changes.Dispose();

    /// <summary>
    /// Copies the rest of a file and compares the SHA-256 of the whole copy, also of the parts of an earlier run. From time to time, and when it is canceled, it
    /// flushes the copied parts to the disk and records them.
    /// </summary>
    private async Task CopyAsync(
        SafeFileHandle file, DirectoryUpload unfinished, long length, long partSize, string? sha256, OvaProgress progress, CancellationToken cancellationToken)
    {
        using var data = unfinished.OpenData(length);
        await using var hash = new TrailingHash(data, cancellationToken);
        var offset = unfinished.BytesOnDisk;
        await progress(offset, cancellationToken);
        hash.Append(new FileRange(0, offset));
        var lastSave = time.GetTimestamp();
        try
        {
            while (offset < length)
            {
                var part = new FileRange(offset, Math.Min(partSize, length - offset));
                await CopyAsync(file, part, data, progress, cancellationToken);
                NativeFile.StartWriteback(data, part.Offset, part.Length);
                hash.Append(part);
                offset = part.End;
                if (time.GetElapsedTime(lastSave) > SaveInterval)
                {
                    await Task.Run(() => unfinished.Save(data, offset), cancellationToken);
                    lastSave = time.GetTimestamp();
                }
            }

            FileChangedException.ThrowUnlessSame(sha256, await hash.FinishAsync());
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            unfinished.Save(data, offset);
            throw;
        }

        await Task.Run(() => unfinished.Save(data, length), cancellationToken);
    }

    /// <summary>Copies a range to the same offsets of the target, inside the kernel, and keeps holes. Progress is the offset reached.</summary>
    private static async Task CopyAsync(SafeFileHandle source, FileRange range, SafeFileHandle target, OvaProgress progress, CancellationToken cancellationToken)
    {
        for (var offset = range.Offset; offset < range.End;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var step = Math.Min(CopyStep, range.End - offset);

            // A file that became shorter ends in neither data nor a hole.
            if (RandomAccess.GetLength(source) is var length && length < offset + step)
            {
                throw range.EndOfFile(length);
            }

            var data = Math.Min(NativeFile.NextData(source, offset), offset + step);
            if (data == offset)
            {
                step = Math.Min(step, NativeFile.NextHole(source, offset) - offset);
                var copied = await Task.Run(() => FileCopy.CopyRange(source, offset, target, offset, step), cancellationToken);
                if (copied < step)
                {
                    throw range.EndOfFile(offset + copied);
                }
            }
            else
            {
                step = data - offset;
            }

            offset += step;
            await progress(offset, cancellationToken);
        }
    }

    private DirectoryBucket Open(string bucket) => DirectoryBucket.Open(Path.GetFullPath(root), bucket);

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
