using System.Numerics;

namespace ImageBackup.Ova.Deflate.Coding;

/// <summary>The symbols of deflate (RFC 1951 §3.2.5).</summary>
internal static class Alphabet
{
    public const int EndOfBlock = 256;
    public const int FirstLength = 257;
    public const int LiteralSymbols = 286;
    public const int DistanceSymbols = 30;
    public const int LongestMatch = 258;
    public const int Window = 32768;

    /// <summary>The symbol of each match length.</summary>
    public static readonly ushort[] LengthSymbols = MakeLengthSymbols();

    private static ReadOnlySpan<ushort> LengthBases => [3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258];

    private static ReadOnlySpan<byte> LengthExtras => [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];

    /// <summary>Returns the shortest length of a length symbol.</summary>
    public static int LengthBase(int symbol) => LengthBases[symbol - FirstLength];

    /// <summary>Returns the number of extra bits of a length symbol.</summary>
    public static int LengthExtra(int symbol) => LengthExtras[symbol - FirstLength];

    /// <summary>Returns the symbol of a distance.</summary>
    public static int DistanceSymbol(int distance)
    {
        var value = (uint)distance - 1;
        var extra = DistanceExtra(value);
        return (extra << 1) + (int)(value >> extra);
    }

    /// <summary>Returns the number of extra bits of a distance, whose extra bits are the lowest bits of <paramref name="value"/>.</summary>
    /// <param name="value">The distance minus 1.</param>
    public static int DistanceExtra(uint value) => Math.Max(BitOperations.Log2(value) - 1, 0);

    /// <summary>Returns the number of extra bits of a distance symbol.</summary>
    public static int SymbolDistanceExtra(int symbol) => Math.Max((symbol >> 1) - 1, 0);

    private static ushort[] MakeLengthSymbols()
    {
        var symbols = new ushort[LongestMatch + 1];
        for (var symbol = FirstLength; symbol < LiteralSymbols; symbol++)
        {
            for (var length = LengthBase(symbol); length <= LongestMatch; length++)
            {
                symbols[length] = (ushort)symbol;
            }
        }

        return symbols;
    }
}
