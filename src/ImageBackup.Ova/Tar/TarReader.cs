using Microsoft.Win32.SafeHandles;

namespace ImageBackup.Ova.Tar;

/// <summary>Lists the members of a tar archive by seeking from header to header. Only regular files and directories are accepted.</summary>
internal sealed class TarReader(SafeFileHandle file, int maxMembers)
{
    /// <summary>Most bytes of a long name or an extended header, which may have the map of a sparse file.</summary>
    private const int MaxExtension = 1 << 20;

    /// <summary>Most zeros after the end. Programs fill their last record, usually 10 KiB.</summary>
    private const int MaxTrailer = 1 << 20;

    private readonly long length = RandomAccess.GetLength(file);
    private readonly List<TarMember> members = [];
    private readonly HashSet<string> names = new(StringComparer.OrdinalIgnoreCase);
    private readonly byte[] header = new byte[TarHeaders.Block];
    private string? longName;
    private PaxRecords? extended;
    private SparseMap? lastMap;
    private long? entry;
    private long position;
    private int headers;

    /// <summary>Returns the members in the archive's order. Directories, volume labels and companion files of macOS are left out.</summary>
    /// <exception cref="InvalidOvaException">The archive is damaged, or has a member that is refused.</exception>
    public IReadOnlyList<TarMember> ReadMembers(CancellationToken cancellationToken)
    {
        while (position < length)
        {
            cancellationToken.ThrowIfCancellationRequested();
            ReadHeader();
            if (header.AsSpan().IndexOfAnyExcept((byte)0) < 0)
            {
                CheckTrailer();
                break;
            }

            if (++headers > maxMembers)
            {
                throw new InvalidOvaException($"The archive has more than {maxMembers} members, which is the limit.");
            }

            ReadEntry();
        }

        return longName is not null || extended is not null
            ? throw new InvalidOvaException("The archive is truncated: it ends after a header that describes the next member.")
            : members;
    }

    /// <summary>Returns the map of a sparse file.</summary>
    /// <param name="sparseEntry">Offset of its first header.</param>
    /// <exception cref="InvalidOvaException">The archive is damaged.</exception>
    public SparseMap ReadMap(long sparseEntry)
    {
        position = sparseEntry;
        while (lastMap is null)
        {
            ReadHeader();
            ReadEntry();
            if (members.Count > 0 && lastMap is null)
            {
                throw new InvalidOvaException($"The archive has changed: no sparse file begins at byte {sparseEntry}.");
            }
        }

        return lastMap;
    }

    private string Where => $"The archive's header at byte {position}";

    private void ReadHeader()
    {
        if (length - position < TarHeaders.Block || RandomAccess.Read(file, header, position) != TarHeaders.Block)
        {
            throw new InvalidOvaException($"{Where} is cut off; the archive is truncated.");
        }
    }

    private void ReadEntry()
    {
        if (!TarField.HasRightChecksum(header))
        {
            throw new InvalidOvaException($"{Where} has a wrong checksum. It is damaged, or the file is no tar archive.");
        }

        var size = TarField.Size(header) ?? throw new InvalidOvaException($"{Where} has a size that is no number from 0 to 2^63-1.");
        entry ??= position;
        switch ((char)TarField.Type(header))
        {
            case 'L':
                longName = TarField.Text(ReadExtension(size));
                break;
            case 'x':
                extended = PaxRecords.Parse(ReadExtension(size), Where);
                break;
            case 'g':
                CheckGlobal(PaxRecords.Parse(ReadExtension(size), Where));
                break;
            case '0' or '\0' or '7' when size > 0 || !CurrentName().EndsWith('/'):
                ReadFile(extended?.Size ?? size);
                break;
            case 'S':
                ReadSparse(extended?.Size ?? size);
                break;
            case '0' or '\0' or '5' or 'V':
                SkipNameless();
                break;
            case var type:
                throw InvalidOvaException.Unsupported($"{Where} is of {MemberName.Quote(CurrentName())}, {TarField.Describe(type)}. Only regular files and directories are supported.");
        }
    }

    private string CurrentName() => extended?.Sparse?.Name ?? extended?.Path ?? longName ?? TarField.Name(header);

    private void CheckGlobal(PaxRecords records)
    {
        if (records.Path is not null || records.Size is not null || records.Sparse is not null)
        {
            throw new InvalidOvaException($"{Where} gives every member the same name or size.");
        }
    }

    private byte[] ReadExtension(long size)
    {
        if (size > MaxExtension)
        {
            throw new InvalidOvaException($"{Where} has {size} bytes of names. At most {MaxExtension} are read.");
        }

        var bytes = new byte[size];
        var offset = position + TarHeaders.Block;
        if (size > length - offset || RandomAccess.Read(file, bytes, offset) != size)
        {
            throw new InvalidOvaException($"{Where} says {size} bytes follow, but the archive ends before. It is truncated.");
        }

        Advance(size);
        return bytes;
    }

    private void ReadFile(long size)
    {
        if (extended?.Sparse is not { } sparse)
        {
            AddMember(position + TarHeaders.Block, size, size, null);
            Advance(size);
            return;
        }

        CheckData(size);
        var (map, fileSize, mapSize) = sparse.Read(size, (offset, count) => ReadAt(position + TarHeaders.Block + offset, count));
        lastMap = map;
        AddMember(position + TarHeaders.Block + mapSize, size - mapSize, fileSize, entry);
        Advance(size);
    }

    private void ReadSparse(long size)
    {
        var fileSize = TarField.SparseFileSize(header) ?? throw new InvalidOvaException($"{Where} is of a sparse file and has no valid size of the file.");
        var (map, blocks) = GnuSparseMap.Read(header, block => ReadAt(position + ((1L + block) * TarHeaders.Block), TarHeaders.Block), Where);
        map.Finish(fileSize, size);
        lastMap = map;
        position += (long)blocks * TarHeaders.Block;
        AddMember(position + TarHeaders.Block, size, fileSize, entry);
        Advance(size);
    }

    /// <summary>Skips a directory or a label. Its name counts for nothing, but a hostile one is refused.</summary>
    private void SkipNameless()
    {
        var name = MemberName.WithoutDot(CurrentName()).TrimEnd('/');
        if (name is not ("" or ".") && TarField.Type(header) != 'V')
        {
            MemberName.Check(name, Where);
        }

        Forget();
        Advance(0);
    }

    private void AddMember(long offset, long storedSize, long fileSize, long? sparseEntry)
    {
        var name = MemberName.Check(CurrentName(), Where);
        CheckData(offset - position - TarHeaders.Block + storedSize);
        if (!MemberName.IsCompanion(name))
        {
            if (!names.Add(name))
            {
                throw new InvalidOvaException($"{Where}: there are two members {MemberName.Quote(name)}.");
            }

            members.Add(new TarMember(name, offset, fileSize, sparseEntry));
        }

        Forget();
    }

    /// <summary>Forgets what earlier headers said about the member.</summary>
    private void Forget()
    {
        longName = null;
        extended = null;
        entry = null;
    }

    private void CheckData(long size)
    {
        var rest = length - position - TarHeaders.Block;
        if (size > rest)
        {
            throw new InvalidOvaException(
                $"The member {MemberName.Quote(CurrentName())} has {size} bytes, but only {rest} bytes follow. The archive is truncated, or the size is wrong.");
        }
    }

    private byte[] ReadAt(long offset, int count)
    {
        var bytes = new byte[count];
        return RandomAccess.Read(file, bytes, offset) == count
            ? bytes
            : throw new InvalidOvaException($"{Where}: the archive ends within the map of a sparse file. It is truncated.");
    }

    private void Advance(long size)
    {
        // The size was compared with the file's, so this cannot overflow.
        position += TarHeaders.Block + TarHeaders.RoundUp(size);
        if (position > length)
        {
            throw new InvalidOvaException("The archive is truncated: it ends within a member's last block.");
        }
    }

    private void CheckTrailer()
    {
        var rest = length - position;
        if (rest > MaxTrailer)
        {
            throw new InvalidOvaException($"{rest} bytes follow the end of the archive. At most {MaxTrailer} zeros are accepted.");
        }

        var bytes = new byte[rest];
        if (RandomAccess.Read(file, bytes, position) != rest || bytes.AsSpan().IndexOfAnyExcept((byte)0) >= 0)
        {
            throw new InvalidOvaException($"Data other than zeros follows the end of the archive at byte {position}.");
        }
    }
}
