using Microsoft.Win32.SafeHandles;

namespace ImageBackup.Ova.Tar;

/// <summary>
/// Lists the members of an archive by seeking from header to header; no data is read. Only regular files under plain names are accepted; the first thing
/// that is something else ends the walk with its reason.
/// </summary>
internal sealed class TarWalker(SafeFileHandle file, int maxMembers)
{
    /// <summary>Long names and extended headers are a few hundred bytes.</summary>
    private const int MaxExtension = 64 << 10;

    /// <summary>Zeros after the end: programs fill up their last record, 10 KiB mostly.</summary>
    private const int MaxTrailer = 1 << 20;

    private readonly long length = RandomAccess.GetLength(file);
    private readonly List<TarMember> members = [];
    private readonly HashSet<string> names = new(StringComparer.OrdinalIgnoreCase);
    private readonly byte[] header = new byte[TarHeaders.Block];
    private string? longName;
    private PaxRecords? extended;
    private long position;
    private int headers;

    /// <exception cref="InvalidOvaException">The archive is not what it should be.</exception>
    public IReadOnlyList<TarMember> Walk(CancellationToken cancellationToken)
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
                throw new InvalidOvaException($"The archive has more than {maxMembers} members.");
            }

            ReadEntry();
        }

        return longName is not null || extended is not null
            ? throw new InvalidOvaException("The archive ends after a header that describes a member to come; it is truncated.")
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
            throw new InvalidOvaException($"{Where} has a wrong checksum; it is damaged, or the file is no tar archive.");
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
                    $"{Where} is of {MemberName.Quote(CurrentName())}, {Kind(type)}; only regular files are accepted.");
        }
    }

    private string CurrentName() => extended?.Path ?? longName ?? TarField.Name(header);

    private void CheckGlobal(PaxRecords records)
    {
        if (records.Path is not null || records.Size is not null)
        {
            throw new InvalidOvaException($"{Where} gives every member one name or size.");
        }
    }

    private byte[] ReadExtension(long size)
    {
        if (size > MaxExtension)
        {
            throw new InvalidOvaException($"{Where} announces {size} bytes of names; at most {MaxExtension} are accepted.");
        }

        var bytes = new byte[size];
        var offset = position + TarHeaders.Block;
        if (size > length - offset || RandomAccess.Read(file, bytes, offset) != size)
        {
            throw new InvalidOvaException($"{Where} announces {size} bytes, more than follow; the archive is truncated.");
        }

        Advance(size);
        return bytes;
    }

    private void AddMember(long size)
    {
        var name = CurrentName();

        // tar cf x.ova ./disk is the one dot segment that means nothing.
        name = MemberName.Check(name.StartsWith("./", StringComparison.Ordinal) ? name[2..] : name, Where);
        if (!names.Add(name))
        {
            throw new InvalidOvaException($"{Where}: the member {MemberName.Quote(name)} is there twice.");
        }

        var offset = position + TarHeaders.Block;
        if (size > length - offset)
        {
            throw new InvalidOvaException(
                $"The member {MemberName.Quote(name)} announces {size} bytes; the archive has {length - offset} more. It is truncated, or the size lies.");
        }

        members.Add(new TarMember(name, offset, size));
        longName = null;
        extended = null;
        Advance(size);
    }

    private void Advance(long size)
    {
        // Sizes are within the file by now, so this can't overflow.
        position += TarHeaders.Block + TarHeaders.RoundUp(size);
        if (position > length)
        {
            throw new InvalidOvaException("The archive ends within a member's last block; it is truncated.");
        }
    }

    private void CheckTrailer()
    {
        var rest = length - position;
        if (rest > MaxTrailer)
        {
            throw new InvalidOvaException($"{rest} bytes follow the end of the archive; at most {MaxTrailer} zeros are accepted.");
        }

        var bytes = new byte[rest];
        if (RandomAccess.Read(file, bytes, position) != rest || bytes.AsSpan().IndexOfAnyExcept((byte)0) >= 0)
        {
            throw new InvalidOvaException($"Something other than zeros follows the end of the archive at byte {position}.");
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
