using ImageBackup.Ova.Deflate.Coding;

namespace ImageBackup.Ova.Deflate;

/// <summary>This project's own deflate. The same bytes always give the same output, on every processor.</summary>
internal sealed class ManagedDeflater : BlockDeflater
{
    /// <summary>Places that the thorough deflater compares.</summary>
    private const int MostPlaces = 32;

    private readonly DeflateCoder coder;

    private ManagedDeflater(IMatchFinder finder) => coder = new DeflateCoder(finder);

    /// <summary>Creates a fast deflater, whose output is at most 10 % larger than that of <c>gzip -6</c>.</summary>
    /// <param name="vectors">False to use no vector instructions even where they exist. The output is the same.</param>
    public static ManagedDeflater Fast(bool vectors = true) => new(new AdaptiveMatchFinder(vectors));

    /// <summary>Creates a deflater whose output is about as large as that of <c>gzip -6</c>.</summary>
    /// <param name="vectors">False to use no vector instructions even where they exist. The output is the same.</param>
    public static ManagedDeflater Thorough(bool vectors = true) => new(new ThoroughMatchFinder(vectors, MostPlaces));

    public override int Deflate(ReadOnlySpan<byte> raw, Span<byte> stored) => coder.Encode(raw, stored);

    public override void Dispose() => coder.Dispose();
}
