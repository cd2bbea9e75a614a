namespace ImageBackup.Ova.Deflate;

/// <summary>The code that deflates and inflates: Intel ISA-L where the machine has it, else the runtime's own.</summary>
public abstract class DeflateEngine
{
    /// <summary>The best engine of this machine, found once.</summary>
    public static DeflateEngine Current { get; } = IsalEngine.TryLoad(out var reason) ?? (DeflateEngine)new RuntimeEngine(reason, Libdeflate.IsUsable);

    /// <summary>A word for logs and health: <c>isa-l</c> or <c>runtime</c>.</summary>
    public abstract string Name { get; }

    /// <summary>A sentence for logs and health: which library works, or why the fast one doesn't.</summary>
    public abstract string Description { get; }

    internal abstract BlockDeflater CreateFastDeflater();

    /// <summary>A deflater whose size is within 2 % of <c>gzip -6</c>'s.</summary>
    internal abstract BlockDeflater CreateGzipDeflater();

    internal abstract BlockInflater CreateInflater();

    internal abstract StreamInflater CreateStreamInflater();

    /// <summary>The deflater for a compression that compresses.</summary>
    internal BlockDeflater CreateDeflater(OvaCompression compression) => compression switch
    {
        OvaCompression.Fast => CreateFastDeflater(),
        OvaCompression.Gzip => CreateGzipDeflater(),
        _ => throw new ArgumentOutOfRangeException(nameof(compression), compression, "Only Gzip and Fast deflate."),
    };
}
