using System.Runtime.InteropServices;

namespace ImageBackup.Ova.Deflate;

/// <summary>Intel ISA-L's deflate and inflate: <c>libisal.so.2</c> (Debian's libisal2).</summary>
internal static unsafe partial class IsalNative
{
    public const int Ok = 0;

    /// <summary><c>FULL_FLUSH</c>: ends at a byte boundary, and later blocks refer to nothing before it.</summary>
    public const ushort FullFlush = 2;

    /// <summary><c>ISAL_DEF_LVL1_DEFAULT</c>: <c>4 Ki + 2 · 8 Ki + 4 · 64 Ki</c>.</summary>
    public const int Level1Buffer = (4 * 1024) + (2 * 8 * 1024) + (4 * 64 * 1024);

    /// <summary><c>ISAL_BLOCK_FINISH</c>: the final block was inflated and returned completely.</summary>
    public const int BlockFinish = 5;

    private const string Library = "libisal.so.2";

    [LibraryImport(Library, EntryPoint = "isal_deflate_stateless_init")]
    public static partial void DeflateStatelessInit(IsalZStream* stream);

    [LibraryImport(Library, EntryPoint = "isal_deflate_stateless")]
    public static partial int DeflateStateless(IsalZStream* stream);

    [LibraryImport(Library, EntryPoint = "isal_inflate_init")]
    public static partial void InflateInit(IsalInflateState* state);

    [LibraryImport(Library, EntryPoint = "isal_inflate_reset")]
    public static partial void InflateReset(IsalInflateState* state);

    [LibraryImport(Library, EntryPoint = "isal_inflate")]
    public static partial int Inflate(IsalInflateState* state);

    [LibraryImport(Library, EntryPoint = "isal_inflate_stateless")]
    public static partial int InflateStateless(IsalInflateState* state);

    /// <summary>What a negative answer of inflate means.</summary>
    public static string Explain(int code) => code switch
    {
        0 or 1 => "the data ends too early",
        2 => "more data than expected",
        -1 => "invalid deflate block",
        -2 => "invalid deflate symbol",
        -3 => "a reference to data before the beginning",
        _ => $"ISA-L error {code}",
    };
}
