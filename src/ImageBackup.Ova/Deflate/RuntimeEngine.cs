namespace ImageBackup.Ova.Deflate;

/// <summary>
/// The .NET runtime's zlib-ng for blocks, and SharpZipLib for whole streams, because <see cref="System.IO.Compression.DeflateStream"/> does not tell where a
/// stream ended.
/// </summary>
internal sealed class RuntimeEngine(string whyNotIsal, bool libdeflate) : DeflateEngine
{
    private const int GzipLevel = 6;
    private const int FastLevel = 1;

    public override string Name => "runtime";

    public override string Description => $"Fast by the runtime's zlib at level {FastLevel}, because {whyNotIsal}; {DescribeGzip(libdeflate)}";

    internal override BlockDeflater CreateFastDeflater() => new RuntimeDeflater(FastLevel);

    internal override BlockDeflater CreateGzipDeflater() => CreateGzipDeflater(libdeflate);

    internal override BlockInflater CreateInflater() => new RuntimeInflater();

    internal override StreamInflater CreateStreamInflater() => new ManagedStreamInflater();

    public static string DescribeGzip(bool libdeflate) =>
        libdeflate ? $"gzip by libdeflate at level {Libdeflate.Level}" : $"gzip by the runtime's zlib at level {GzipLevel} (libdeflate.so.0 was not found)";

    public static BlockDeflater CreateGzipDeflater(bool libdeflate) => libdeflate ? new LibdeflateDeflater() : new RuntimeDeflater(GzipLevel);
}
