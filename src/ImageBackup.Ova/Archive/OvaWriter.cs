using System.Security.Cryptography;
using System.Text;
using ImageBackup.Ova.Descriptor;
using ImageBackup.Ova.IO;
using Microsoft.Win32.SafeHandles;

namespace ImageBackup.Ova.Archive;

/// <summary>
/// Writes descriptor, manifest, packed volumes and block lists as one tar archive (DSP0243 1.1 §5.3) and hashes the archive meanwhile. Holes of a member stay
/// holes. The archive gets its final name when it is complete and on disk.
/// </summary>
/// <param name="time">Provides the members' modification time.</param>
public sealed class OvaWriter(TimeProvider time)
{
    /// <summary>Suffix of the archive while it is written. The next run overwrites a file that a crash left.</summary>
    public const string PartialSuffix = ".partial";

    /// <summary>Bytes that are copied and hashed at the same time. The page cache holds them, so the disk is read once.</summary>
    private const long Window = 64L << 20;

    /// <summary>Keeps the names of descriptor and manifest below ustar's 100 bytes.</summary>
    private const int LongestBaseName = 90;

    /// <summary>Writes an archive. Progress is in bytes of the archive that are copied and hashed.</summary>
    /// <param name="finalPath">Path of the archive; an existing file is replaced. Its name without the extension names descriptor and manifest.</param>
    /// <param name="descriptor">The image and its volumes. Stored sizes are taken from the members.</param>
    /// <param name="members">The descriptor's volumes and their block lists, in any order.</param>
    /// <param name="progress">Receives the bytes done.</param>
    /// <param name="cancellationToken">Stops the writing.</param>
    /// <exception cref="InvalidOvaException">Members and descriptor do not match, or a file has another size than its member.</exception>
    /// <exception cref="IOException">The disk refuses. The partial file is deleted.</exception>
    public async Task<WrittenOva> WriteAsync(
        string finalPath,
        OvfDescriptor descriptor,
        IReadOnlyList<OvaMember> members,
        OvaProgress progress,
        CancellationToken cancellationToken)
    {
        var name = BaseName(finalPath);
        var ordered = Order(name, descriptor, members);
        var sizes = ordered.ToDictionary(member => member.Name, member => member.Size);
        var sized = descriptor with
        {
            Volumes = [.. descriptor.Volumes.Select(volume => volume with { StoredSize = sizes[volume.Href] })],
            OtherFiles = [.. ordered.Skip(descriptor.Volumes.Count).Select(member => new OvfFile(member.Name, member.Size))],
        };
        var plan = ArchivePlan.Create(name, OvfDescriptorWriter.Write(sized), ordered, time.GetUtcNow());
        var partialPath = finalPath + PartialSuffix;
        try
        {
            string sha256;
            using (var archive = File.OpenHandle(partialPath, FileMode.Create, FileAccess.ReadWrite))
            {
                sha256 = await WritePiecesAsync(archive, plan, progress, cancellationToken);
                RandomAccess.FlushToDisk(archive);
            }

            cancellationToken.ThrowIfCancellationRequested();
            File.Move(partialPath, finalPath, overwrite: true);
            NativeFile.SyncDirectory(Path.GetDirectoryName(Path.GetFullPath(finalPath))!);
            return new WrittenOva(plan.Length, sha256);
        }
        finally
        {
            // After the rename this deletes nothing.
            File.Delete(partialPath);
        }
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

    /// <summary>Orders the members as the descriptor refers to them (DSP0243 1.1 §5.3): volumes, then block lists, each in the descriptor's order.</summary>
    private static List<OvaMember> Order(string name, OvfDescriptor descriptor, IReadOnlyList<OvaMember> members)
    {
        var rest = new Dictionary<string, OvaMember>(StringComparer.OrdinalIgnoreCase);
        foreach (var member in members)
        {
            MemberName.Check(member.Name, "Archive");
            if (member.Name.Equals(name + MemberName.DescriptorSuffix, StringComparison.OrdinalIgnoreCase)
                || member.Name.Equals(name + MemberName.ManifestSuffix, StringComparison.OrdinalIgnoreCase)
                || !rest.TryAdd(member.Name, member))
            {
                throw new InvalidOvaException($"Archive: there are two members {MemberName.Quote(member.Name)}.");
            }
        }

        List<OvaMember> lists = [];
        List<OvaMember> volumes = [];
        foreach (var volume in descriptor.Volumes)
        {
            if (!rest.Remove(volume.Href, out var member))
            {
                throw new InvalidOvaException($"Archive: the descriptor's volume {MemberName.Quote(volume.Href)} is no member, or the descriptor names it twice.");
            }

            volumes.Add(member);
            if (rest.Remove(volume.Href + MemberName.BlockListSuffix, out var list))
            {
                lists.Add(list);
            }
        }

        return rest.Count == 0
            ? [.. volumes, .. lists]
            : throw new InvalidOvaException($"Archive: the member {MemberName.Quote(rest.Keys.First())} belongs to no volume of the descriptor.");
    }

    private static async Task<string> WritePiecesAsync(SafeFileHandle archive, ArchivePlan plan, OvaProgress progress, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        RandomAccess.SetLength(archive, plan.Length);
        var hashed = 0L;
        foreach (var piece in plan.Pieces)
        {
            cancellationToken.ThrowIfCancellationRequested();

            // The padding of the previous piece.
            hash.AppendData(new byte[piece.Offset - hashed]);
            if (piece.Bytes is { } bytes)
            {
                RandomAccess.Write(archive, bytes, piece.Offset);
                hash.AppendData(bytes);
            }
            else
            {
                await WriteFileAsync(archive, piece, hash, progress, cancellationToken);
            }

            hashed = piece.Offset + piece.Length;
            await progress(hashed, cancellationToken);
        }

        hash.AppendData(new byte[plan.Length - hashed]);
        await progress(plan.Length, cancellationToken);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static async Task WriteFileAsync(
        SafeFileHandle archive, ArchivePiece piece, IncrementalHash hash, OvaProgress progress, CancellationToken cancellationToken)
    {
        using var source = File.OpenHandle(piece.FilePath!);
        CheckSize(source, piece);
        for (var done = 0L; done < piece.Length;)
        {
            var offset = done;
            var count = Math.Min(Window, piece.Length - offset);
            var copy = Task.Run(() => CopyData(source, offset, archive, piece.Offset + offset, count), cancellationToken);
            var hashing = Task.Run(() => SparseHash.Append(hash, source, offset, count, cancellationToken), cancellationToken);
            await Task.WhenAll(copy, hashing);
            if (await hashing != count)
            {
                CheckSize(source, piece);
            }

            done += count;
            await progress(piece.Offset + done, cancellationToken);
        }

        CheckSize(source, piece);
    }

    private static void CopyData(SafeFileHandle source, long offset, SafeFileHandle archive, long target, long length)
    {
        var end = offset + length;
        for (var data = NativeFile.NextData(source, offset); data < end;)
        {
            var count = Math.Min(NativeFile.NextHole(source, data), end) - data;
            if (FileCopy.CopyRange(source, data, archive, target + data - offset, count) != count)
            {
                throw new InvalidOvaException($"A member's file became shorter than {data + count} bytes while it was copied.");
            }

            NativeFile.StartWriteback(archive, target + data - offset, count);
            data = NativeFile.NextData(source, data + count);
        }
    }

    private static void CheckSize(SafeFileHandle source, ArchivePiece piece)
    {
        var size = RandomAccess.GetLength(source);
        if (size != piece.Length)
        {
            throw new InvalidOvaException(
                $"The file {MemberName.Quote(Path.GetFileName(piece.FilePath!))} has {size} bytes; its member says {piece.Length}.");
        }
    }
}
