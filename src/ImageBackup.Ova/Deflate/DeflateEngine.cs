namespace ImageBackup.Ova.Deflate;

/// <summary>What deflates and inflates: Intel ISA-L if it is installed, else this project's deflate and the .NET runtime's inflate.</summary>
public abstract class DeflateEngine
{
    /// <summary>The best engine of this machine.</summary>
    public static DeflateEngine Current { get; } = IsalEngine.TryLoad(out var reason) ?? (DeflateEngine)new RuntimeEngine(reason);

    /// <summary>The engine's name: <c>isa-l</c> or <c>runtime</c>.</summary>
    public abstract string Name { get; }

    /// <summary>A sentence for people: what is used, and why ISA-L is not.</summary>
    public abstract string Description { get; }

    internal abstract BlockDeflater CreateFastDeflater();

    internal abstract BlockInflater CreateInflater();

    internal abstract StreamInflater CreateStreamInflater();

    /// <summary>Creates the deflater for <see cref="OvaCompression.Gzip"/> or <see cref="OvaCompression.Fast"/>.</summary>
    internal BlockDeflater CreateDeflater(OvaCompression compression) => compression switch
    {
        OvaCompression.Fast => CreateFastDeflater(),
        OvaCompression.Gzip => ManagedDeflater.Thorough(),
        _ => throw new ArgumentOutOfRangeException(nameof(compression), compression, "Only Gzip and Fast deflate."),
    };
}
