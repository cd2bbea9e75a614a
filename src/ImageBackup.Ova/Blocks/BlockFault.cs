namespace ImageBackup.Ova.Blocks;

/// <summary>Words for what can be wrong with a block or a digest.</summary>
internal static class BlockFault
{
    public static InvalidOvaException Rotten(string name, long index, int length, ReadOnlySpan<byte> expected, ReadOnlySpan<byte> found) =>
        new($"{Place(name, index, length)} has SHA-256 {Convert.ToHexStringLower(found)}, and {Convert.ToHexStringLower(expected)} was expected");

    public static InvalidOvaException Unreadable(string name, long index, int length, Exception cause) =>
        new($"{Place(name, index, length)} can't be inflated: {cause.Message}", cause);

    public static InvalidOvaException TooLong(string name, long found, long capacity) =>
        new($"{name} holds {found} bytes or more, and its volume has a capacity of {capacity}");

    /// <exception cref="InvalidOvaException">The digests differ.</exception>
    public static void Compare(string name, string what, string? expected, string found)
    {
        if (expected is not null && !string.Equals(expected, found, StringComparison.OrdinalIgnoreCase))
        {
            throw new InvalidOvaException($"{name}: the {what} is {found}, and {expected} was expected");
        }
    }

    private static string Place(string name, long index, int length) =>
        $"{name}: block {index} (bytes {index * VolumeBlocks.Size} to {(index * VolumeBlocks.Size) + length - 1} of the volume)";
}
