namespace ImageBackup.Ova.Deflate;

/// <summary>
/// The engine without a native library: this project's deflate, the .NET runtime's zlib-ng to inflate blocks, and SharpZipLib to inflate whole streams,
/// because <see cref="System.IO.Compression.DeflateStream"/> does not tell where a stream ended.
/// </summary>
internal sealed class RuntimeEngine(string whyNotIsal) : DeflateEngine
{
    public override string Name => "runtime";

    public override string Description => $"Deflates by its own code and inflates by the runtime's zlib, because {whyNotIsal}";

    internal override BlockDeflater CreateFastDeflater() => ManagedDeflater.Fast();

    internal override BlockInflater CreateInflater() => new RuntimeInflater();

    internal override StreamInflater CreateStreamInflater() => new ManagedStreamInflater();
}
