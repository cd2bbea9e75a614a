namespace ImageBackup.Ova.Deflate;

/// <summary>The library that deflates and inflates: Intel ISA-L if it is installed, else the .NET runtime's.</summary>
public abstract class DeflateEngine
{
    /// <summary>The best engine of this machine.</summary>
    public static DeflateEngine Current { get; } = IsalEngine.TryLoad(out var reason) ?? (DeflateEngine)new RuntimeEngine(reason, Libdeflate.IsUsable);

    /// <summary>The engine's name: <c>isa-l</c> or <c>runtime</c>.</summary>
    public abstract string Name { get; }

    /// <summary>A sentence for people: which libraries are used, and why ISA-L is not.</summary>
    public abstract string Description { get; }

    internal abstract BlockDeflater CreateFastDeflater();

    /// <summary>Creates a deflater whose output is at most 2 % larger than that of <c>gzip -6</c>.</summary>
    internal abstract BlockDeflater CreateGzipDeflater();

    internal abstract BlockInflater CreateInflater();

    internal abstract StreamInflater CreateStreamInflater();

    /// <summary>Creates the deflater for <see cref="OvaCompression.Gzip"/> or <see cref="OvaCompression.Fast"/>.</summary>
    internal BlockDeflater CreateDeflater(OvaCompression compression) => compression switch
    {
        OvaCompression.Fast => CreateFastDeflater(),
        OvaCompression.Gzip => CreateGzipDeflater(),
        _ => throw new ArgumentOutOfRangeException(nameof(compression), compression, "Only Gzip and Fast deflate."),
    };
}
