using System.Buffers.Binary;
using System.IO.Hashing;
using ImageBackup.Ova.IO;

namespace ImageBackup.Ova.Deflate;

/// <summary>Inflates anybody's gzip (RFC 1952): one member or several, every optional header field, CRC-32 and size of each checked, nothing tolerated behind the last.</summary>
internal sealed class GzipDecoder(StoredAhead stored, StreamInflater inflater, string name)
{
    private const byte HeaderCrc = 2;
    private const byte Extra = 4;
    private const byte FileName = 8;
    private const byte Comment = 16;
    private const int LongestText = 64 << 10;

    private readonly Crc32 crc = new();
    private long members;
    private long memberLength;
    private bool inMember;

    /// <summary>Fills the buffer, or as much of it as there is.</summary>
    /// <returns>Bytes put there: less than its length only at the end.</returns>
    /// <exception cref="InvalidOvaException">The gzip is damaged or cut; the message says where.</exception>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var filled = 0;
        while (filled < buffer.Length && (inMember || await StartMemberAsync(cancellationToken)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            await stored.FillAsync(cancellationToken);
            filled += Inflate(buffer.Span[filled..]);
            if (inflater.IsFinished)
            {
                await EndMemberAsync(cancellationToken);
            }
        }

        return filled;
    }

    private int Inflate(Span<byte> room)
    {
        var available = stored.Available;
        try
        {
            var (consumed, written) = inflater.Inflate(available, room);
            if (consumed == 0 && written == 0 && !inflater.IsFinished)
            {
                throw available.IsEmpty ? Damaged("it ends in the middle of its data") : Damaged("its data makes no sense");
            }

            stored.Consume(consumed);
            crc.Append(room[..written]);
            memberLength += written;
            return written;
        }
        catch (InvalidDataException exception)
        {
            throw Damaged(exception.Message, exception);
        }
    }

    private async ValueTask<bool> StartMemberAsync(CancellationToken cancellationToken)
    {
        if (!await stored.FillAsync(cancellationToken))
        {
            return members > 0 ? false : throw Damaged("it is empty");
        }

        var start = await NextAsync(2, cancellationToken);
        if (start[0] != 0x1f || start[1] != 0x8b)
        {
            throw Damaged(members > 0 ? "what follows the gzip data is no gzip" : "it is no gzip");
        }

        var head = await NextAsync(GzipFormat.HeaderLength - 2, cancellationToken);
        if (head[0] != 8 || (head[1] & 0xe0) != 0)
        {
            throw Damaged($"compression method {head[0]} and flags {head[1]:x2} are not known");
        }

        await SkipOptionalAsync(head[1], cancellationToken);
        inflater.Reset();
        crc.Reset();
        memberLength = 0;
        members++;
        inMember = true;
        return true;
    }

    private async ValueTask SkipOptionalAsync(byte flags, CancellationToken cancellationToken)
    {
        if ((flags & Extra) != 0)
        {
            var length = BinaryPrimitives.ReadUInt16LittleEndian(await NextAsync(2, cancellationToken));
            await NextAsync(length, cancellationToken);
        }

        foreach (var text in new[] { FileName, Comment })
        {
            var length = 0;
            while ((flags & text) != 0 && (await NextAsync(1, cancellationToken))[0] != 0)
            {
                if (++length > LongestText)
                {
                    throw Damaged($"a name or comment of more than {LongestText} bytes");
                }
            }
        }

        if ((flags & HeaderCrc) != 0)
        {
            await NextAsync(2, cancellationToken);
        }
    }

    private async ValueTask EndMemberAsync(CancellationToken cancellationToken)
    {
        var trailer = await NextAsync(GzipFormat.TrailerLength, cancellationToken);
        var expectedCrc = BinaryPrimitives.ReadUInt32LittleEndian(trailer);
        var expectedSize = BinaryPrimitives.ReadUInt32LittleEndian(trailer.AsSpan(4));
        if (expectedCrc != crc.GetCurrentHashAsUInt32())
        {
            throw Damaged($"CRC-32 is {crc.GetCurrentHashAsUInt32():x8}, and {expectedCrc:x8} was expected");
        }

        if (expectedSize != unchecked((uint)memberLength))
        {
            throw Damaged($"{memberLength} bytes were inflated, and {expectedSize} (modulo 2^32) were expected");
        }

        inMember = false;
    }

    private async ValueTask<byte[]> NextAsync(int count, CancellationToken cancellationToken)
    {
        var bytes = new byte[count];
        for (var done = 0; done < count;)
        {
            if (!await stored.FillAsync(cancellationToken))
            {
                throw Damaged("it is cut");
            }

            var piece = Math.Min(count - done, stored.Available.Length);
            stored.Available[..piece].CopyTo(bytes.AsSpan(done));
            stored.Consume(piece);
            done += piece;
        }

        return bytes;
    }

    private InvalidOvaException Damaged(string what, Exception? cause = null) => new($"{name} is damaged near stored byte {stored.Consumed}: {what}", cause);
}
