using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using ImageBackup.Ova.IO;

namespace ImageBackup.Ova.Deflate.Coding;

/// <summary>
/// Remembers the newest place of each hash of four bytes and of each hash of eight. An entry is the low 16 bits of a position and 16 bits of the hash that
/// the table's index does not have, so a look-up does not read the bytes at the place. Positions are looked up in groups of eight without a branch that
/// depends on the data, so that the processor overlaps the look-ups. Both paths give the same results.
/// </summary>
internal sealed unsafe class RecentPlaces(bool vectors) : IDisposable
{
    public const int Group = 8;

    /// <summary>Bytes behind the first position of a group that are read.</summary>
    public const int GroupBytes = 16;

    private const int SampleEvery = 64;
    private const int IndexBits = 14;
    private const int IndexShift = 32 - IndexBits;
    private const int TagShift = 14;
    private const uint TagMask = 0xffff0000;
    private const uint Factor = 0x9E3779B1;
    private const uint SecondFactor = 0x85EBCA77;

    private readonly NativeBuffer table = new(2 * sizeof(uint) << IndexBits);
    private readonly bool vectors = vectors && Avx2.IsSupported;

    public void Clear() => table.Span.Clear();

    /// <summary>Looks up groups of positions and inserts them.</summary>
    /// <param name="raw">The block.</param>
    /// <param name="position">The first position.</param>
    /// <param name="groups">Number of groups, at most eight.</param>
    /// <param name="distances">Receives each position's distance to an earlier place whose bytes are likely the same, 0 if there is none.</param>
    /// <returns>One bit for each position that has a distance, the first position's lowest.</returns>
    public ulong LookUp(byte* raw, int position, int groups, ushort* distances) =>
        vectors ? LookUpVectors(raw, position, groups, distances, (uint*)table.Pointer) : LookUpPlain(raw, position, groups, distances, (uint*)table.Pointer);

    /// <summary>Inserts groups of positions.</summary>
    public void Insert(byte* raw, int position, int groups)
    {
        if (vectors)
        {
            InsertVectors(raw, position, groups, (uint*)table.Pointer);
        }
        else
        {
            InsertPlain(raw, position, groups, (uint*)table.Pointer);
        }
    }

    /// <summary>Looks up one group in each 64 bytes, and returns whether at least a quarter of the positions has a distance.</summary>
    public bool HasMatches(byte* raw, int start, int end)
    {
        var distances = stackalloc ushort[Group];
        var samples = 0;
        var found = 0;
        for (var position = start; position < end; position += SampleEvery)
        {
            found += BitOperations.PopCount(LookUp(raw, position, 1, distances));
            samples += Group;
        }

        return found > samples / 4;
    }

    public void Dispose() => table.Dispose();

    private static ulong LookUpPlain(byte* raw, int position, int groups, ushort* distances, uint* shorts)
    {
        var longs = shorts + (1 << IndexBits);
        var bits = 0UL;
        for (var i = 0; i < groups * Group; i++, position++)
        {
            var (four, eight) = Hashes(raw + position);
            var near = Exchange(shorts, four, position);
            var far = Exchange(longs, eight, position);
            distances[i] = (ushort)(far != 0 ? far : near);
            bits |= (distances[i] != 0 ? 1UL : 0) << i;
        }

        return bits;
    }

    private static void InsertPlain(byte* raw, int position, int groups, uint* shorts)
    {
        var longs = shorts + (1 << IndexBits);
        for (var end = position + (groups * Group); position < end; position++)
        {
            var (four, eight) = Hashes(raw + position);
            Exchange(shorts, four, position);
            Exchange(longs, eight, position);
        }
    }

    private static (uint Four, uint Eight) Hashes(byte* at)
    {
        var four = Unsafe.ReadUnaligned<uint>(at) * Factor;
        return (four, four + (Unsafe.ReadUnaligned<uint>(at + 4) * SecondFactor));
    }

    /// <summary>Inserts a position and returns the distance to the previous one with the same hash, or 0.</summary>
    private static int Exchange(uint* table, uint hash, int position)
    {
        var place = table + (hash >> IndexShift);
        var entry = ((hash << TagShift) & TagMask) | (ushort)position;
        var previous = *place;
        *place = entry;
        int distance = (ushort)(position - (int)previous);
        return (previous ^ entry) < 1 << 16 && distance <= Alphabet.Window ? distance : 0;
    }

    private static ulong LookUpVectors(byte* raw, int position, int groups, ushort* distances, uint* shorts)
    {
        var longs = shorts + (1 << IndexBits);
        var scratch = stackalloc uint[2 * Group];
        var bits = 0UL;
        for (var group = 0; group < groups; group++, position += Group, distances += Group)
        {
            var positions = Vector256.Create((uint)(ushort)position) + Vector256<uint>.Indices;
            var (four, eight) = HashVectors(raw + position);
            var near = Exchange(shorts, four, positions, scratch);
            var far = Exchange(longs, eight, positions, scratch);
            var chosen = Vector256.ConditionalSelect(Vector256.Equals(far, Vector256<uint>.Zero), near, far);
            Vector128.Narrow(chosen.GetLower(), chosen.GetUpper()).Store(distances);
            bits |= (ulong)(~Vector256.Equals(chosen, Vector256<uint>.Zero).ExtractMostSignificantBits() & 0xff) << (group * Group);
        }

        return bits;
    }

    private static void InsertVectors(byte* raw, int position, int groups, uint* shorts)
    {
        var longs = shorts + (1 << IndexBits);
        var scratch = stackalloc uint[2 * Group];
        for (var group = 0; group < groups; group++, position += Group)
        {
            var positions = Vector256.Create((uint)(ushort)position) + Vector256<uint>.Indices;
            var (four, eight) = HashVectors(raw + position);
            Exchange(shorts, four, positions, scratch);
            Exchange(longs, eight, positions, scratch);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector256<uint> Four, Vector256<uint> Eight) HashVectors(byte* at)
    {
        var bytes = Vector256.Create(Vector128.Load(at), Vector128.Load(at));
        var first = Avx2.Shuffle(bytes, Vector256.Create(
            (byte)0, 1, 2, 3, 1, 2, 3, 4, 2, 3, 4, 5, 3, 4, 5, 6, 4, 5, 6, 7, 5, 6, 7, 8, 6, 7, 8, 9, 7, 8, 9, 10)).AsUInt32();
        var second = Avx2.Shuffle(bytes, Vector256.Create(
            (byte)4, 5, 6, 7, 5, 6, 7, 8, 6, 7, 8, 9, 7, 8, 9, 10, 8, 9, 10, 11, 9, 10, 11, 12, 10, 11, 12, 13, 11, 12, 13, 14)).AsUInt32();
        var four = first * Vector256.Create(Factor);
        return (four, four + (second * Vector256.Create(SecondFactor)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Exchange(uint* table, Vector256<uint> hashes, Vector256<uint> positions, uint* scratch)
    {
        var entries = ((hashes << TagShift) & Vector256.Create(TagMask)) | (positions & Vector256.Create(0xffffu));
        (hashes >>> IndexShift).Store(scratch);
        entries.Store(scratch + Group);
        var previous = Vector256.Create(Exchange(table, scratch, 0), Exchange(table, scratch, 2), Exchange(table, scratch, 4), Exchange(table, scratch, 6)).AsUInt32();
        var distances = (positions - previous) & Vector256.Create(0xffffu);
        var invalid = ((previous ^ entries) & Vector256.Create(TagMask)) | ((distances - Vector256<uint>.One) & Vector256.Create(~(Alphabet.Window - 1u)));
        return distances & Vector256.Equals(invalid, Vector256<uint>.Zero);
    }

    /// <summary>Exchanges two entries in order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Exchange(uint* table, uint* scratch, int i)
    {
        var place = table + scratch[i];
        ulong first = *place;
        *place = scratch[Group + i];
        place = table + scratch[i + 1];
        var second = (ulong)*place << 32;
        *place = scratch[Group + i + 1];
        return first | second;
    }
}
