using Microsoft.Win32.SafeHandles;

namespace ImageBackup.Ova.Tar;

/// <summary>Lists the members of a tar archive by seeking from header to header. Only regular files with plain names are accepted.</summary>
internal sealed class TarReader(SafeFileHandle file, int maxMembers)
{
    /// <summary>Most bytes of a long name or an extended header. They usually have a few hundred.</summary>
    private const int MaxExtension = 64 << 10;

    /// <summary>Most zeros after the end. Programs fill their last record, usually 10 KiB.</summary>
    private const int MaxTrailer = 1 << 20;

    private readonly long length = RandomAccess.GetLength(file);
    private readonly List<TarMember> members = [];
    private readonly HashSet<string> names = new(StringComparer.OrdinalIgnoreCase);
    private readonly byte[] header = new byte[TarHeaders.Block];
    private string? longName;
    private PaxRecords? extended;
    private long position;
    private int headers;

    /// <summary>Returns the members in the archive's order.</summary>
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
            case '0' or '\0' or '7':
                AddMember(extended?.Size ?? size);
                break;
            case var type:
                throw new InvalidOvaException(
                    $"{Where} is of {MemberName.Quote(CurrentName())}, {Kind(type)}. Only regular files are supported.");
        }
    }

    private string CurrentName() => extended?.Path ?? longName ?? TarField.Name(header);

    private void CheckGlobal(PaxRecords records)
    {
        if (records.Path is not null || records.Size is not null)
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

    private void AddMember(long size)
    {
        var name = CurrentName();

        // `tar cf x.ova ./disk` writes names with a leading "./".
        name = MemberName.Check(name.StartsWith("./", StringComparison.Ordinal) ? name[2..] : name, Where);
        if (!names.Add(name))
        {
            throw new InvalidOvaException($"{Where}: there are two members {MemberName.Quote(name)}.");
        }

        var offset = position + TarHeaders.Block;
        if (size > length - offset)
        {
            throw new InvalidOvaException(
                $"The member {MemberName.Quote(name)} has {size} bytes, but only {length - offset} bytes follow. The archive is truncated, or the size is wrong.");
        }

        members.Add(new TarMember(name, offset, size));
        longName = null;
        extended = null;
        Advance(size);
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

    private static string Kind(char type) => type switch
    {
        '1' => "a hard link",
        '2' => "a symbolic link",
        '3' or '4' => "a device",
        '5' => "a directory",
        '6' => "a fifo",
        'S' => "a GNU sparse file",
        'M' => "a part of a member that began in another archive",
        _ => $"an entry of the unknown type {MemberName.Quote(type.ToString())}",
    };
}
