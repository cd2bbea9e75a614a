namespace ImageBackup.Core.ObjectStorage;

/// <summary>Divides objects into parts. The limits are S3's: https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html.</summary>
internal static class PartSizes
{
    public const int MaxParts = 10_000;

    public const long MaxObjectSize = 5L << 40;

    private const long Mebibyte = 1L << 20;

    /// <summary>Returns the configured part size, or the smallest size in whole MiB for which <see cref="MaxParts"/> parts are enough.</summary>
    /// <exception cref="ObjectStoreException"><see cref="ObjectStoreError.Refused"/>: the object is larger than <see cref="MaxObjectSize"/>.</exception>
    public static long For(string name, long length, int settingMiB)
    {
        if (length > MaxObjectSize)
        {
            throw new ObjectStoreException(
                ObjectStoreError.Refused,
                $"'{name}' has {length} bytes; an object can have at most {MaxObjectSize} (5 TiB).");
        }

        var needed = (length + MaxParts - 1) / MaxParts;
        var rounded = (needed + Mebibyte - 1) / Mebibyte * Mebibyte;
        return Math.Max(rounded, settingMiB * Mebibyte);
    }

    /// <summary>Returns how many parts of <paramref name="partSize"/> hold <paramref name="length"/> bytes.</summary>
    public static int Count(long length, long partSize) => checked((int)((length / partSize) + (length % partSize > 0 ? 1 : 0)));

    /// <summary>Returns the bytes of part <paramref name="number"/>, counted from 1.</summary>
    public static FileRange Range(int number, long length, long partSize)
    {
        var offset = (number - 1) * partSize;
        return new FileRange(offset, Math.Min(partSize, length - offset));
    }
}
