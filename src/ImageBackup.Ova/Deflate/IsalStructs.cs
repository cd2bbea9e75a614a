using System.Runtime.InteropServices;

namespace ImageBackup.Ova.Deflate;

/// <summary>
/// <c>struct isal_zstream</c> of <c>isa-l/igzip_lib.h</c> 2.30 (soname <c>libisal.so.2</c>) on 64-bit Linux. The library writes to all of it, so its size must be
/// right, too. A test compares size and offsets with those that the C compiler computes.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct IsalZStream
{
    public byte* NextIn;
    public uint AvailIn;
    public uint TotalIn;
    public byte* NextOut;
    public uint AvailOut;
    public uint TotalOut;
    public void* HuffTables;
    public uint Level;
    public uint LevelBufSize;
    public byte* LevelBuf;
    public ushort EndOfStream;
    public ushort Flush;
    public ushort GzipFlag;
    public ushort HistBits;
    public IsalZState InternalState;
}

/// <summary><c>struct isal_zstate</c>: the deflater's internal state.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct IsalZState
{
    public fixed uint Positions[5];
    public int State;
    public ulong BitBufBits;
    public uint BitBufCount;
    public byte* BitBufOut;
    public byte* BitBufEnd;
    public byte* BitBufStart;
    public uint Crc;
    public fixed byte Flags[4];
    public ushort HasLevelBufInit;
    public uint Count;
    public fixed byte TmpOut[16];
    public uint TmpOutStart;
    public uint TmpOutEnd;
    public uint BytesValid;
    public uint BytesProcessed;
    public fixed byte Buffer[(2 * 32 * 1024) + 288];
    public fixed ushort Head[8 * 1024];
}

/// <summary><c>struct inflate_state</c> of the same header.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct IsalInflateState
{
    public byte* NextOut;
    public uint AvailOut;
    public uint TotalOut;
    public byte* NextIn;
    public ulong ReadIn;
    public uint AvailIn;
    public int ReadInLength;
    public fixed uint LiteralShort[1 << 12];
    public fixed ushort LiteralLong[1264];
    public fixed ushort DistanceShort[1 << 10];
    public fixed ushort DistanceLong[80];
    public int BlockState;
    public uint DictLength;
    public uint BFinal;
    public uint CrcFlag;
    public uint Crc;
    public uint HistBits;
    public int Count;
    public int WriteOverflowLits;
    public int WriteOverflowLen;
    public int CopyOverflowLength;
    public int CopyOverflowDistance;
    public short WrapperFlag;
    public short TmpInSize;
    public int TmpOutValid;
    public int TmpOutProcessed;
    public fixed byte TmpIn[328];
    public fixed byte TmpOut[(2 * 32 * 1024) + 288];
}
