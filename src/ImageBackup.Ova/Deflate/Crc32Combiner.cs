namespace ImageBackup.Ova.Deflate;

/// <summary>
/// Combines CRC-32 values (RFC 1952) of parts. Appending n bytes multiplies the first part's CRC by x^(8n) modulo the polynomial, which takes one carry-less
/// product per binary digit of n. Bits are reflected: the top bit is x^0.
/// </summary>
internal static class Crc32Combiner
{
    private const uint Polynomial = 0xEDB88320;
    private const uint One = 0x80000000;

    /// <summary>x^(8 · 2^k) at index k.</summary>
    private static readonly uint[] BytePowers = MakeBytePowers();

    /// <summary>Returns the CRC of A followed by B.</summary>
    public static uint Combine(uint crcOfA, uint crcOfB, long lengthOfB) => Multiply(OperatorFor(lengthOfB), crcOfA) ^ crcOfB;

    /// <summary>Returns the CRC of A followed by zeros.</summary>
    public static uint AppendZeros(uint crcOfA, long zeros) => ~Multiply(OperatorFor(zeros), ~crcOfA);

    private static uint OperatorFor(long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        var product = One;
        for (var k = 0; bytes != 0; k++, bytes >>= 1)
        {
            if ((bytes & 1) != 0)
            {
                product = Multiply(BytePowers[k], product);
            }
        }

        return product;
    }

    private static uint Multiply(uint a, uint b)
    {
        var product = 0u;
        for (var bit = One; bit != 0; bit >>= 1)
        {
            if ((a & bit) != 0)
            {
                product ^= b;
            }

            b = (b & 1) != 0 ? (b >> 1) ^ Polynomial : b >> 1;
        }

        return product;
    }

    private static uint[] MakeBytePowers()
    {
        var powers = new uint[63];
        powers[0] = One >> 8;
        for (var k = 1; k < powers.Length; k++)
        {
            powers[k] = Multiply(powers[k - 1], powers[k - 1]);
        }

        return powers;
    }
}
