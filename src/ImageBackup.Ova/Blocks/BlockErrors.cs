namespace ImageBackup.Ova.Blocks;

/// <summary>Creates the exceptions for damaged blocks and digests that differ.</summary>
internal static class BlockErrors
{
    public static InvalidOvaException DigestMismatch(string name, long index, int length, ReadOnlySpan<byte> expected, ReadOnlySpan<byte> found) =>
        new($"{Place(name, index, length)} differs: SHA-256 {Convert.ToHexStringLower(expected)} expected, {Convert.ToHexStringLower(found)} found");

    public static InvalidOvaException OtherBytes(string name, long index, int length) =>
        new($"{Place(name, index, length)} differs: the disk returns other bytes than were written");

    public static InvalidOvaException CannotInflate(string name, long index, int length, Exception cause) =>
        new($"{Place(name, index, length)} cannot be inflated: {cause.Message}", cause);

    public static InvalidOvaException TooLong(string name, long found, long capacity) =>
        new($"{name} has {found} bytes or more, but its volume has a capacity of {capacity}");

    /// <summary>Compares two digests in hex; null expects nothing.</summary>
    /// <exception cref="InvalidOvaException">The digests differ.</exception>
    public static void Compare(string name, string what, string? expected, string found)
    {
        if (expected is not null && !string.Equals(expected, found, StringComparison.OrdinalIgnoreCase))
        {
            throw new InvalidOvaException($"{name}: the {what} differs: {expected} expected, {found} found");
        }
    }

    private static string Place(string name, long index, int length) =>
        $"{name}: block {index} (bytes {index * VolumeBlocks.Size} to {(index * VolumeBlocks.Size) + length - 1} of the volume)";
}
