using System.Numerics;
using System.Runtime.CompilerServices;
using ImageBackup.Ova.IO;

namespace ImageBackup.Ova.Deflate.Coding;

/// <summary>Finds matches at the newest places with the same four and the same eight bytes, and prefers a longer match that begins one byte later.</summary>
internal sealed unsafe class FastMatchFinder(bool vectors) : IMatchFinder
{
    /// <summary>A match of this length is taken without a look at the next position.</summary>
    private const int LazyLimit = 32;

    private const int BatchGroups = 8;
    private const int BatchLength = BatchGroups * RecentPlaces.Group;
    private const int ShortestMatch = 4;

    /// <summary>Bytes behind a position that the search may read at once.</summary>
    private const int Margin = 48;

    private readonly RecentPlaces places = new(vectors);
    private readonly NativeBuffer candidates = new(sizeof(ushort) * BatchLength);

    /// <summary>Positions before this one are in the table, or were skipped.</summary>
    private int known;

    public void Reset()
    {
        places.Clear();
        known = 0;
    }

    public bool HasMatches(byte* raw, int start, int end, int length)
    {
        var has = places.HasMatches(raw, start, Math.Min(end, length - Margin));
        known = has ? start : end;
        return has;
    }

    /// <summary>Saving less than a thirty-second is not worthwhile, because the search takes longer than everything else.</summary>
    public bool IsWorthwhile(long bits, long bitsWithout) => bits + (bits / 32) < bitsWithout;

    [MethodImpl(MethodImplOptions.NoInlining)]
    public (int Count, int End) Find(byte* raw, int start, int end, int length, Sequence* sequences)
    {
        known = Math.Max(known, start - Alphabet.Window);
        var distances = (ushort*)candidates.Pointer;
        var output = sequences;
        var anchor = start;
        var position = start;
        while (position < end)
        {
            var groups = (position - known) / RecentPlaces.Group;
            places.Insert(raw, known, groups);
            known += groups * RecentPlaces.Group;
            groups = Math.Min(BatchGroups, (length - Margin - known) / RecentPlaces.Group);
            if (groups <= 0)
            {
                break;
            }

            var batch = raw + known;
            var bits = places.LookUp(raw, known, groups, distances);
            var offset = position - known;
            known += groups * RecentPlaces.Group;
            for (var rest = bits >> offset; rest != 0; rest = offset < BatchLength ? bits >> offset : 0)
            {
                offset += BitOperations.TrailingZeroCount(rest);
                var at = batch + offset;
                int distance = distances[offset];
                var matched = Matches.LengthAt(at, at - distance, MostAt(at, raw + length));
                while (matched < LazyLimit && offset + 1 < BatchLength && ((bits >> offset) & 2) != 0)
                {
                    int later = distances[offset + 1];
                    var longer = Matches.LengthAt(at + 1, at + 1 - later, MostAt(at + 1, raw + length));
                    if (longer <= matched)
                    {
                        break;
                    }

                    offset++;
                    at++;
                    matched = longer;
                    distance = later;
                }

                if (matched < ShortestMatch)
                {
                    offset++;
                    continue;
                }

                offset += matched;
                position = (int)(at - raw);
                while (position > anchor && distance < position && raw[position - 1] == raw[position - 1 - distance] && matched < Alphabet.LongestMatch)
                {
                    position--;
                    matched++;
                }

                *output++ = new Sequence(position - anchor, (ushort)matched, (ushort)distance);
                anchor = position + matched;
            }

            position = Math.Max(known, anchor);
        }

        position = Math.Max(position, end);
        if (position > anchor)
        {
            *output++ = new Sequence(position - anchor, 0, 0);
        }

        return ((int)(output - sequences), position);
    }

    public void Dispose()
    {
        places.Dispose();
        candidates.Dispose();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int MostAt(byte* at, byte* end) => (int)Math.Min(Alphabet.LongestMatch, end - at);
}
