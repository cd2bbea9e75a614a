using System.Text;
using ImageBackup.Disks;
using ImageBackup.Ova.Blocks;
using ImageBackup.Ova.Descriptor;
using ImageBackup.Ova.IO;
using ImageBackup.Ova.Tar;
using Microsoft.Win32.SafeHandles;

namespace ImageBackup.Ova.Archive;

/// <summary>
/// Writes an archive in one pass, under a temporary name beside the final one: volumes are packed in place, behind room for descriptor and manifest, which are
/// known last. Block lists wait in a second temporary file until all volumes are there. The archive gets its final name when it is complete and on disk.
/// <para>The writer has no state but the files. After a crash, a new writer goes on behind the volumes that <see cref="PackAsync"/> has returned.</para>
/// </summary>
public sealed class OvaWriter
{
    private const string PartialSuffix = ".partial";

    /// <summary>Keeps the names of descriptor and manifest below ustar's 100 bytes.</summary>
    private const int LongestBaseName = 90;

    private readonly string finalPath;
    private readonly string partialPath;
    private readonly string listsPath;
    private readonly OvfDescriptor outline;
    private readonly ArchiveHead head;
    private readonly DateTimeOffset modified;

    /// <summary>Prepares an archive. No file is touched.</summary>
    /// <param name="finalPath">Path of the archive; an existing file is replaced. Its name without the extension names descriptor and manifest.</param>
    /// <param name="descriptor">The image and its volumes. Stored sizes are filled in. It must be the same whenever the archive is continued.</param>
    /// <param name="modified">Modification time of the members.</param>
    /// <param name="workDirectory">The directory of the temporary files, on the same file system; null for that of the archive.</param>
    /// <exception cref="InvalidOvaException">There is no volume, or a name is refused or occurs twice.</exception>
    public OvaWriter(string finalPath, OvfDescriptor descriptor, DateTimeOffset modified, string? workDirectory = null)
    {
        this.finalPath = finalPath;
        this.modified = modified;
        partialPath = PartialPathOf(workDirectory is null ? finalPath : Path.Combine(workDirectory, Path.GetFileName(finalPath)));
        listsPath = partialPath + MemberName.BlockListSuffix;
        outline = descriptor with { OtherFiles = [.. descriptor.Volumes.Select(volume => new OvfFile(ListOf(volume.Href), 0))] };
        var name = BaseName(finalPath);
        CheckNames(name);
        head = new ArchiveHead(name, modified);
    }

    /// <summary>Returns the path of the archive while it is written.</summary>
    public static string PartialPathOf(string finalPath) => finalPath + PartialSuffix;

    /// <summary>Returns the path of the block lists while the archive is written.</summary>
    public static string ListsPathOf(string finalPath) => PartialPathOf(finalPath) + MemberName.BlockListSuffix;

    /// <summary>Returns true for a name that only temporary files have.</summary>
    public static bool IsTemporary(string name)
        => name.EndsWith(PartialSuffix, StringComparison.Ordinal) || name.EndsWith(PartialSuffix + MemberName.BlockListSuffix, StringComparison.Ordinal);

    /// <summary>Packs the next volume behind those that the archive has, and flushes it to disk. What an earlier attempt has left there is overwritten.</summary>
    /// <param name="written">The packed volumes that the archive has, in the descriptor's order.</param>
    /// <param name="volumePath">Path of the raw volume, which must not change meanwhile. Holes are not read.</param>
    /// <param name="options">Threads and memory.</param>
    /// <param name="progress">Receives the volume's bytes done.</param>
    /// <param name="compression">How the member is stored. The descriptor declares gzip for all but <see cref="OvaCompression.None"/>.</param>
    /// <param name="cancellationToken">Stops the work within a block.</param>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    public Task<PackedVolume> PackAsync(
        IReadOnlyList<PackedVolume> written, string volumePath, OvaCompression compression, DataPathOptions options, OvaProgress progress, CancellationToken cancellationToken)
        => AppendAsync(written, (member, list) => VolumePacker.PackAsync(volumePath, member, list, compression, options, progress, cancellationToken));

    /// <summary>Copies the next volume from the files of <see cref="VolumePacker"/>, with its holes.</summary>
    /// <param name="written">The packed volumes that the archive has, in the descriptor's order.</param>
    /// <param name="packed">What the packer returned.</param>
    /// <param name="memberPath">The packed volume.</param>
    /// <param name="blockListPath">Its block list.</param>
    /// <param name="cancellationToken">Stops the copying.</param>
    /// <exception cref="InvalidOvaException">A file has another size than the packer returned.</exception>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    public Task<PackedVolume> CopyAsync(
        IReadOnlyList<PackedVolume> written, PackedVolume packed, string memberPath, string blockListPath, CancellationToken cancellationToken)
        => AppendAsync(written, (member, list) => Task.Run(
            () =>
            {
                MemberCopy.Copy(memberPath, packed.StoredSize, member, cancellationToken);
                MemberCopy.Copy(blockListPath, packed.BlockListSize, list, cancellationToken);
                return packed;
            },
            cancellationToken));

    /// <summary>Returns the bytes that <see cref="FinishAsync"/> writes: descriptor, manifest and block lists.</summary>
    public long BytesToFinish(IReadOnlyList<PackedVolume> written) => StartOf([]) + ListsLength(written);

    /// <summary>Adds block lists, descriptor and manifest, flushes the archive to disk and renames it. Can be repeated after a crash.</summary>
    /// <param name="written">All packed volumes, in the descriptor's order.</param>
    /// <param name="progress">Receives the bytes done, of <see cref="BytesToFinish"/>.</param>
    /// <param name="cancellationToken">Stops the work before the archive gets its name.</param>
    /// <exception cref="InvalidOvaException">Volumes are missing, or the temporary file is.</exception>
    /// <exception cref="IOException">The disk refuses.</exception>
    public async Task<WrittenOva> FinishAsync(IReadOnlyList<PackedVolume> written, OvaProgress progress, CancellationToken cancellationToken)
    {
        if (written.Count != outline.Volumes.Count)
        {
            throw new InvalidOvaException($"The archive has {written.Count} of the descriptor's {outline.Volumes.Count} volumes.");
        }

        var (end, lists) = (StartOf(written), ListsLength(written));
        var ova = new WrittenOva(end + lists + TarHeaders.EndLength, "");
        var start = head.Format(Sized(written), Digests(written), written[0].Offset, out var manifestSha256);
        if (!IsFinished(ova.Size, start))
        {
            using (var archive = OpenPartial(FileMode.Open, end))
            {
                using (var waiting = TemporaryFile.Open(listsPath, FileMode.Open))
                {
                    MemberCopy.CopyData(waiting, 0, archive, end, lists);
                }

                RandomAccess.SetLength(archive, ova.Size);
                await progress(lists, cancellationToken);
                RandomAccess.Write(archive, start, 0);
                await progress(lists + start.Length, cancellationToken);
                RandomAccess.FlushToDisk(archive);
                TemporaryFile.RequireOnlyName(partialPath, archive);
            }

            cancellationToken.ThrowIfCancellationRequested();
            File.Move(partialPath, finalPath, overwrite: true);
            NativeFile.SyncDirectory(Path.GetDirectoryName(Path.GetFullPath(finalPath))!);
        }

        File.Delete(listsPath);
        return ova with { ManifestSha256 = manifestSha256 };
    }

    private static string BaseName(string finalPath)
    {
        var name = Path.GetFileNameWithoutExtension(finalPath);
        while (Encoding.UTF8.GetByteCount(name) > LongestBaseName)
        {
            name = name[..^(char.IsLowSurrogate(name[^1]) ? 2 : 1)];
        }

        return MemberName.Check(name, "Archive");
    }

    private static string ListOf(string volume) => volume + MemberName.BlockListSuffix;

    private void CheckNames(string name)
    {
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase) { name + MemberName.DescriptorSuffix, name + MemberName.ManifestSuffix };
        foreach (var member in outline.Volumes.SelectMany(volume => (string[])[volume.Href, ListOf(volume.Href)]))
        {
            if (!names.Add(MemberName.Check(member, "Archive")))
            {
                throw new InvalidOvaException($"Archive: there are two members {MemberName.Quote(member)}.");
            }
        }

        if (outline.Volumes.Count == 0)
        {
            throw new InvalidOvaException("Archive: the descriptor has no volume. An archive needs one.");
        }
    }

    private async Task<PackedVolume> AppendAsync(IReadOnlyList<PackedVolume> written, Func<PackTarget, PackTarget, Task<PackedVolume>> append)
    {
        if (written.Count == 0)
        {
            File.Delete(partialPath);
            File.Delete(listsPath);
        }

        var mode = written.Count == 0 ? FileMode.CreateNew : FileMode.Open;
        var (start, listStart) = (StartOf(written), ListsLength(written));
        var name = outline.Volumes[written.Count].Href;
        using var archive = OpenPartial(mode, start);
        using var lists = TemporaryFile.Open(listsPath, mode);
        var (data, listData) = (start + HeaderLength(name), listStart + HeaderLength(ListOf(name)));
        RandomAccess.SetLength(archive, data);
        RandomAccess.SetLength(lists, listData);
        var packed = await append(new(archive, data), new(lists, listData)) with { Offset = start };
        Enclose(archive, start, name, packed.StoredSize);
        Enclose(lists, listStart, ListOf(name), packed.BlockListSize);
        return packed;
    }

    /// <summary>Writes the tar header before a member and pads it to whole blocks, at the end of a file.</summary>
    private void Enclose(SafeFileHandle file, long start, string name, long size)
    {
        RandomAccess.Write(file, TarHeaders.For(name, size, modified), start);
        RandomAccess.SetLength(file, start + LengthOf(name, size));
        RandomAccess.FlushToDisk(file);
    }

    private SafeFileHandle OpenPartial(FileMode mode, long needed)
    {
        var archive = TemporaryFile.Open(partialPath, mode);
        if (mode == FileMode.Open && RandomAccess.GetLength(archive) is var length && length < needed)
        {
            archive.Dispose();
            throw new InvalidOvaException($"{Path.GetFileName(partialPath)} has {length} bytes; the volumes that were packed into it need {needed}. Write the archive again.");
        }

        return archive;
    }

    /// <summary>Returns true if an earlier attempt has renamed the archive: the file has the size and the manifest.</summary>
    private bool IsFinished(long size, byte[] start)
    {
        if (File.Exists(partialPath) || !File.Exists(finalPath) || new FileInfo(finalPath).Length != size)
        {
            return false;
        }

        using var archive = RegularFile.OpenItself(finalPath);
        var found = new byte[start.Length];
        return RandomAccess.Read(archive, found, 0) == found.Length && found.AsSpan().SequenceEqual(start);
    }

    private OvfDescriptor Sized(IReadOnlyList<PackedVolume> written) => outline with
    {
        Volumes = [.. outline.Volumes.Select((volume, index) => volume with { StoredSize = written[index].StoredSize })],
        OtherFiles = [.. outline.OtherFiles.Select((list, index) => list with { Size = written[index].BlockListSize })],
    };

    private IEnumerable<(string Name, string Sha256)> Digests(IReadOnlyList<PackedVolume> written)
        => outline.Volumes.Select((volume, index) => (volume.Href, written[index].StoredSha256))
            .Concat(outline.OtherFiles.Select((list, index) => (list.Href, written[index].BlockListSha256)));

    private long StartOf(IReadOnlyList<PackedVolume> written)
        => written.Count == 0
            ? head.LengthOf(outline, HeaderLength(outline.Volumes[0].Href))
            : written[^1].Offset + LengthOf(outline.Volumes[written.Count - 1].Href, written[^1].StoredSize);

    private long ListsLength(IReadOnlyList<PackedVolume> written)
        => written.Select((packed, index) => LengthOf(outline.OtherFiles[index].Href, packed.BlockListSize)).Sum();

    private long LengthOf(string name, long size) => TarHeaders.RoundUp(HeaderLength(name) + size);

    private long HeaderLength(string name) => TarHeaders.For(name, 0, modified).Length;
}

/// <summary>An archive that was written.</summary>
/// <param name="Size">Size in bytes.</param>
/// <param name="ManifestSha256">SHA-256 of its manifest, lower-case hex; it pins the digest of every other member. Null in the state of an earlier release.</param>
public sealed record WrittenOva(long Size, string? ManifestSha256);
