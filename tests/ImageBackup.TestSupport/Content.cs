namespace ImageBackup.TestSupport;

/// <summary>Bytes for volumes.</summary>
public static class Content
{
    /// <summary>Random bytes, the same for the same seed.</summary>
    public static byte[] Random(int length, int seed = 1)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    /// <summary>Data and zeros in turn, each <paramref name="run"/> bytes long, the data first.</summary>
    public static byte[] WithHoles(int length, int run, int seed = 1)
    {
        var bytes = Random(length, seed);
        for (var start = run; start < length; start += 2 * run)
        {
            bytes.AsSpan(start, Math.Min(run, length - start)).Clear();
        }

        return bytes;
    }
}
