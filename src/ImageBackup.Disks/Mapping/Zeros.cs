namespace ImageBackup.Disks.Mapping;

/// <summary>Finds zeros in data.</summary>
internal static class Zeros
{
    public static bool IsZero(ReadOnlySpan<byte> bytes) => !bytes.ContainsAnyExcept((byte)0);

    /// <summary>Returns where the first piece at or after an offset begins that is all zeros, or is not.</summary>
    public static int NextPiece(ReadOnlySpan<byte> bytes, int offset, int piece, bool zero)
    {
        while (offset < bytes.Length && IsZero(bytes[offset..Math.Min(bytes.Length, offset + piece)]) != zero)
        {
            offset = Math.Min(bytes.Length, offset + piece);
        }

        return offset;
    }
}
