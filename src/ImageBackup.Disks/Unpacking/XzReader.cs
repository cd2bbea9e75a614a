using System.Buffers.Binary;
using System.IO.Hashing;
using SharpCompress.Compressors.LZMA;

namespace ImageBackup.Disks.Unpacking;

/// <summary>
/// Unpacks xz (The .xz File Format 1.2.1): one or several streams and blocks, the LZMA2 filter, every check. The container is read here, because the library's own reader stops
/// behind the first stream and takes dictionaries of any size.
/// </summary>
internal sealed class XzReader(Stream input) : ReadStream
{
    private const int HeaderLength = 12;
    private const int Alignment = 4;
    private const int Lzma2 = 0x21;

    /// <summary>The largest dictionary of xz's presets, 64 MiB.</summary>
    private const int MaxDictionaryBits = 28;

    private readonly XzInput input = new(input);
    private readonly List<(long Unpadded, long Unpacked)> blocks = [];
    private XzCheck? check;
    private LzmaStream? block;
    private long blockStart;
    private long unpacked;
    private bool inStream;

    public override int Read(Span<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (block is null && !StartBlock())
            {
                return 0;
            }

            var count = block!.Read(bytes);
            if (count > 0)
            {
                check!.Append(bytes[..count]);
                unpacked += count;
                return count;
            }

            EndBlock();
        }

        return 0;
    }

    protected override void Dispose(bool disposing)
    {
        block?.Dispose();
        check?.Dispose();
        input.Dispose();
        base.Dispose(disposing);
    }

    private static InvalidDataException Damaged(string what) => new(what);

    /// <summary>Goes to the next block, over the ends and beginnings of streams.</summary>
    /// <returns>False at the end of the last stream.</returns>
    private bool StartBlock()
    {
        while (true)
        {
            if (!inStream && !StartStream())
            {
                return false;
            }

            blockStart = input.Position;
            var size = input.Next();
            if (size != 0)
            {
                StartBlock(size);
                return true;
            }

            EndStream();
        }
    }

    /// <summary>§2.1.1 Stream Header, behind any §2.2 Stream Padding.</summary>
    private bool StartStream()
    {
        if (!input.SkipPadding(isFirst: check is null))
        {
            return false;
        }

        var header = input.NextBytes(HeaderLength);
        if (!header.StartsWith((ReadOnlySpan<byte>)[0xfd, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0]))
        {
            throw Damaged("bytes that are no xz follow it");
        }

        XzInput.Verify(header.AsSpan(6, 2), header.AsSpan(8), "stream header");
        if (header[6] != 0 || header[7] > 15)
        {
            throw Damaged($"stream flags {header[6]:x2} {header[7]:x2} are not known");
        }

        check?.Dispose();
        check = XzCheck.Create(header[7]);
        blocks.Clear();
        inStream = true;
        return true;
    }

    /// <summary>§3.1 Block Header.</summary>
    private void StartBlock(byte size)
    {
        var length = (size + 1) * Alignment;
        byte[] header = [size, .. input.NextBytes(length - 1)];
        XzInput.Verify(header.AsSpan(..^4), header.AsSpan(length - 4), "block header");
        var flags = header[1];
        var at = 2;
        for (var sizes = ((flags >> 6) & 1) + ((flags >> 7) & 1); sizes > 0; sizes--)
        {
            XzInput.ReadNumber(header, ref at);
        }

        var filter = XzInput.ReadNumber(header, ref at);
        if ((flags & 3) != 0 || filter != Lzma2)
        {
            throw DiskImageException.Unsupported($"The xz file uses filter 0x{filter:x} in a chain of {(flags & 3) + 1}. LZMA2 alone is supported: pack it again without filters.");
        }

        if ((flags & 0x3c) != 0 || XzInput.ReadNumber(header, ref at) != 1)
        {
            throw Damaged("a block header is not known");
        }

        var dictionary = header[at];
        if (dictionary > MaxDictionaryBits)
        {
            throw DiskImageException.Unsupported("The xz file uses a dictionary of more than 64 MiB, which xz -9 does not. Pack it again with a smaller one.");
        }

        block = LzmaStream.Create([dictionary], input, leaveOpen: true);
        unpacked = 0;
        check!.Reset();
    }

    /// <summary>§3.3 Block Padding and §3.4 Check.</summary>
    private void EndBlock()
    {
        block!.Dispose();
        block = null;
        var unpadded = input.Position - blockStart + check!.Length;
        input.SkipZeros((int)(-(input.Position - blockStart) & (Alignment - 1)));
        if (!check.Matches(input.NextBytes(check.Length)))
        {
            throw Damaged("the check of a block is wrong");
        }

        blocks.Add((unpadded, unpacked));
    }

    /// <summary>§4 Index and §2.1.2 Stream Footer. The index must list the blocks that were read.</summary>
    private void EndStream()
    {
        var crc = new Crc32();
        crc.Append([0]);
        input.Watch = crc;
        if (input.NextNumber() != blocks.Count)
        {
            throw Damaged("its index lists other blocks");
        }

        foreach (var (unpadded, length) in blocks)
        {
            if (input.NextNumber() != unpadded || input.NextNumber() != length)
            {
                throw Damaged("its index lists other blocks");
            }
        }

        input.SkipZeros((int)(-(input.Position - blockStart) & (Alignment - 1)));
        input.Watch = null;
        var sum = input.NextBytes(4);
        if (BinaryPrimitives.ReadUInt32LittleEndian(sum) != crc.GetCurrentHashAsUInt32())
        {
            throw Damaged("the checksum of its index is wrong");
        }

        var backward = ((input.Position - blockStart) / Alignment) - 1;
        var footer = input.NextBytes(HeaderLength);
        XzInput.Verify(footer.AsSpan(4, 6), footer.AsSpan(0, 4), "stream footer");
        if (BinaryPrimitives.ReadUInt32LittleEndian(footer.AsSpan(4)) != backward || footer[9] != check!.Type || !footer.AsSpan(10).SequenceEqual("YZ"u8))
        {
            throw Damaged("its footer contradicts its header");
        }

        inStream = false;
    }
}
