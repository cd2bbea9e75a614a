using System.Numerics;
using System.Runtime.CompilerServices;
using ImageBackup.Ova.IO;

namespace ImageBackup.Ova.Deflate.Coding;

/// <summary>
/// Finds matches of at least three bytes among many places, as <c>gzip -6</c> does. Places with the same hash of four bytes are chained, newest first. A place
/// is the low 16 bits of a position.
/// </summary>
/// <param name="vectors">Whether vector instructions may be used.</param>
/// <param name="mostPlaces">Most places to compare at a position.</param>
internal sealed unsafe class ThoroughMatchFinder(bool vectors, int mostPlaces) : IMatchFinder
{
    /// <summary>Behind a match of this length, a quarter of the places is compared.</summary>
    private const int GoodLength = 12;

    /// <summary>A match of this length is taken without a look at the next position.</summary>
    private const int LazyLimit = 32;

    /// <summary>A match of this length ends the search for a longer one.</summary>
    private const int EnoughLength = 64;

    /// <summary>A match of three bytes that lies farther back needs more bits than its literals.</summary>
    private const int FarthestOfThree = 8192;

    private const int HashBits = 15;
    private const int HashShift = 32 - HashBits;
    private const int Places = 1 << 16;
    private const uint Factor = 0x9E3779B1;
    private const int Margin = 48;

    private readonly RecentPlaces samples = new(vectors);
    private readonly NativeBuffer memory = new(sizeof(ushort) * ((2 << HashBits) + Places));

    /// <summary>Positions before this one are in the tables, or were skipped.</summary>
    private int known;

    private ushort* Fours => (ushort*)memory.Pointer;

    private ushort* Threes => Fours + (1 << HashBits);

    private ushort* Older => Threes + (1 << HashBits);

    public void Reset()
    {
        // Chains are entered only through the tables, and end at place 0. The others need no reset.
        memory.Span[..(sizeof(ushort) * (2 << HashBits))].Clear();
        Older[0] = 0;
        samples.Clear();
        known = 0;
    }

    public bool HasMatches(byte* raw, int start, int end, int length)
    {
        var has = samples.HasMatches(raw, start, Math.Min(end, length - Margin));
        known = has ? start : end;
        return has;
    }

    public bool IsWorthwhile(long bits, long bitsWithout) => bits < bitsWithout;

    public (int Count, int End) Find(byte* raw, int start, int end, int length, Sequence* sequences)
    {
        known = Math.Max(known, start - Alphabet.Window);
        var output = sequences;
        var anchor = start;
        var position = start;
        var searchEnd = Math.Min(end, length - Margin);
        while (position < searchEnd)
        {
            Insert(raw, position - 1);
            var three = Three(raw, position);
            Insert(raw, position);
            var (matched, distance) = Search(raw, position, length, 3, mostPlaces);
            if (matched == 0 && three != 0)
            {
                (matched, distance) = (3, three);
            }

            if (matched == 0)
            {
                position++;
                continue;
            }

            while (matched < LazyLimit && position + 1 < searchEnd)
            {
                Insert(raw, position + 1);
                var places = matched >= GoodLength ? mostPlaces / 4 : mostPlaces;
                var (longer, later) = Search(raw, position + 1, length, Math.Max(matched - 1, 3), places);
                if (longer == 0 || !IsBetter(longer, later, matched, distance))
                {
                    break;
                }

                position++;
                matched = longer;
                distance = later;
            }

            *output++ = new Sequence(position - anchor, (ushort)matched, (ushort)distance);
            position += matched;
            anchor = position;
            Insert(raw, Math.Min(position, searchEnd) - 1);
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
        memory.Dispose();
        samples.Dispose();
    }

    /// <summary>Inserts all positions up to a given one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Insert(byte* raw, int last)
    {
        var fours = Fours;
        var threes = Threes;
        var older = Older;
        for (; known <= last; known++)
        {
            var word = Unsafe.ReadUnaligned<uint>(raw + known);
            var place = fours + (word * Factor >> HashShift);
            older[(ushort)known] = *place;
            *place = (ushort)known;
            threes[(word << 8) * Factor >> HashShift] = (ushort)known;
        }
    }

    /// <summary>Returns whether a match one byte later is worth a literal: a byte more counts four bits, a distance its extra bits.</summary>
    private static bool IsBetter(int length, int distance, int thanLength, int thanDistance) =>
        (4 * (length - thanLength)) + BitOperations.Log2((uint)thanDistance) - BitOperations.Log2((uint)distance) > 2;

    /// <summary>Returns the distance of the newest place with the same three bytes, or 0.</summary>
    private int Three(byte* raw, int position)
    {
        var at = raw + position;
        var word = Unsafe.ReadUnaligned<uint>(at);
        int distance = (ushort)(position - Threes[(word << 8) * Factor >> HashShift]);
        return (uint)(distance - 1) < FarthestOfThree && ((Unsafe.ReadUnaligned<uint>(at - distance) ^ word) & 0xffffff) == 0 ? distance : 0;
    }

    /// <summary>Returns a match longer than a given length, at least 3, at a position that was just inserted, or a length of 0.</summary>
    private (int Length, int Distance) Search(byte* raw, int position, int length, int shorter, int places)
    {
        var at = raw + position;
        var most = Math.Min(length - position, Alphabet.LongestMatch);
        var word = Unsafe.ReadUnaligned<uint>(at);
        var older = Older;
        int matchDistance = 0, reached = 0;
        for (var place = older[(ushort)position]; places > 0; place = older[place], places--)
        {
            int distance = (ushort)(position - place);
            if (distance <= reached || distance > Alphabet.Window)
            {
                break;
            }

            reached = distance;
            if (Unsafe.ReadUnaligned<uint>(at - distance + shorter - 3) == Unsafe.ReadUnaligned<uint>(at + shorter - 3)
                && Unsafe.ReadUnaligned<uint>(at - distance) == word)
            {
                var matched = Matches.LengthAt(at, at - distance, most);
                if (matched > shorter)
                {
                    shorter = matched;
                    matchDistance = distance;
                    if (matched >= Math.Min(EnoughLength, most))
                    {
                        break;
                    }
                }
            }
        }

        return matchDistance == 0 ? (0, 0) : (shorter, matchDistance);
    }
}
