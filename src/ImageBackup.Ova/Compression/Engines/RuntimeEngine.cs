namespace ImageBackup.Ova.Compression.Engines;

/// <summary>What .NET brings along: zlib-ng for deflate and for blocks, SharpZipLib for foreign streams, whose every byte must be accounted for (DeflateStream doesn't tell where a stream ended).</summary>
internal sealed class RuntimeEngine(string whyNotIsal) : DeflateEngine
{
    /// <summary>zlib level whose size is within 2 % of <c>gzip -6</c>'s.</summary>
    public const int GzipLevel = 6;

    private const int FastLevel = 1;

    public override string Name => "runtime";

    public override string Description => $"the runtime's zlib, level {FastLevel}, because {whyNotIsal}";

    internal override BlockDeflater CreateFastDeflater() => new RuntimeDeflater(FastLevel);

    internal override BlockInflater CreateInflater() => new RuntimeInflater();

    internal override StreamInflater CreateStreamInflater() => new ManagedStreamInflater();
}
