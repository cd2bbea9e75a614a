using System.Buffers.Binary;

namespace ImageBackup.Disks.Mapping;

/// <summary>
/// Reads numbers from the tables of an image through a few cached pages, so that memory does not grow with the tables. Several threads may read at once.
/// </summary>
internal sealed class TablePages(DiskSource source)
{
    private const int PageBits = 14;
    private const int PageSize = 1 << PageBits;
    private const int PageCount = 128;

    private readonly Page?[] pages = new Page?[PageCount];
    private readonly Lock gate = new();

    public uint ReadUInt32LittleEndian(long offset)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        Read(bytes, offset);
        return BinaryPrimitives.ReadUInt32LittleEndian(bytes);
    }

    public uint ReadUInt32BigEndian(long offset) => BinaryPrimitives.ReverseEndianness(ReadUInt32LittleEndian(offset));

    public ulong ReadUInt64LittleEndian(long offset)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        Read(bytes, offset);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }

    public ulong ReadUInt64BigEndian(long offset) => BinaryPrimitives.ReverseEndianness(ReadUInt64LittleEndian(offset));

    /// <summary>Reads one number; tables are aligned to the size of their numbers, so no number crosses a page.</summary>
    /// <exception cref="DiskImageException">The number lies behind the end of the file.</exception>
    private void Read(Span<byte> bytes, long offset)
    {
        if (offset < 0 || offset > source.Length - bytes.Length)
        {
            throw DiskImageException.Damaged($"A table of the image ends at byte {offset + bytes.Length}, behind the end of the file at byte {source.Length}.");
        }

        var number = offset >> PageBits;
        lock (gate)
        {
            ref var page = ref pages[(number ^ (number >> 7)) & (PageCount - 1)];
            page ??= new Page();
            if (page.Number != number)
            {
                page.Number = -1;
                var start = number << PageBits;
                source.Read(page.Bytes.AsSpan(0, (int)Math.Min(PageSize, source.Length - start)), start);
                page.Number = number;
            }

            page.Bytes.AsSpan((int)(offset & (PageSize - 1)), bytes.Length).CopyTo(bytes);
        }
    }

    private sealed class Page
    {
        public byte[] Bytes { get; } = new byte[PageSize];

        public long Number { get; set; } = -1;
    }
}
