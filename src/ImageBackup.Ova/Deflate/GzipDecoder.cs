using System.Buffers.Binary;
using System.IO.Hashing;
using ImageBackup.Ova.IO;

namespace ImageBackup.Ova.Deflate;

/// <summary>
/// Inflates gzip data (RFC 1952) of any writer: one or more gzip members, with optional header fields. CRC-32 and size of each member are checked. Nothing may
/// follow the last member.
/// </summary>
internal sealed class GzipDecoder(StoredPrefetch stored, StreamInflater inflater, string name)
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

    /// <summary>Fills the buffer with inflated bytes.</summary>
    /// <returns>Number of bytes: less than the buffer's length only at the end.</returns>
    /// <exception cref="InvalidOvaException">The data is damaged or cut off. The message says where.</exception>
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
                throw available.IsEmpty ? Damaged("it ends within its data") : Damaged("its data is not valid");
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
            throw Damaged(members > 0 ? "something other than gzip follows the gzip data" : "it is no gzip");
        }

        var head = await NextAsync(GzipFormat.HeaderLength - 2, cancellationToken);
        if (head[0] != 8 || (head[1] & 0xe0) != 0)
        {
            throw Damaged($"compression method {head[0]} and flags {head[1]:x2} are unknown");
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
            throw Damaged($"CRC-32 {expectedCrc:x8} expected, {crc.GetCurrentHashAsUInt32():x8} found");
        }

        if (expectedSize != unchecked((uint)memberLength))
        {
            throw Damaged($"{expectedSize} bytes (modulo 2^32) expected, {memberLength} inflated");
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
                throw Damaged("it is cut off");
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
