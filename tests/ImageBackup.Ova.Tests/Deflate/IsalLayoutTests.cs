using System.Runtime.InteropServices;
using ImageBackup.Ova.Deflate;
using ImageBackup.Ova.Tests.Blocks;
using ImageBackup.TestSupport;

namespace ImageBackup.Ova.Tests.Deflate;

/// <summary>Our copies of ISA-L's structures against its own header, compared by the C compiler.</summary>
public sealed class IsalLayoutTests : IDisposable
{
    private static readonly string[] StreamFields =
    [
        "next_in NextIn", "avail_in AvailIn", "total_in TotalIn", "next_out NextOut", "avail_out AvailOut", "total_out TotalOut", "hufftables HuffTables", "level Level",
        "level_buf_size LevelBufSize", "level_buf LevelBuf", "end_of_stream EndOfStream", "flush Flush", "gzip_flag GzipFlag", "hist_bits HistBits", "internal_state InternalState",
    ];

    private static readonly string[] StateFields =
        ["state State", "bitbuf BitBufBits", "crc Crc", "has_level_buf_init HasLevelBufInit", "count Count", "tmp_out_start TmpOutStart", "b_bytes_valid BytesValid", "buffer Buffer", "head Head"];

    private static readonly string[] InflateFields =
    [
        "next_out NextOut", "avail_out AvailOut", "total_out TotalOut", "next_in NextIn", "read_in ReadIn", "avail_in AvailIn", "read_in_length ReadInLength", "lit_huff_code LiteralShort",
        "dist_huff_code DistanceShort", "block_state BlockState", "dict_length DictLength", "bfinal BFinal", "crc_flag CrcFlag", "crc Crc", "hist_bits HistBits", "count Count",
        "write_overflow_lits WriteOverflowLits", "copy_overflow_distance CopyOverflowDistance", "wrapper_flag WrapperFlag", "tmp_in_size TmpInSize", "tmp_out_valid TmpOutValid",
        "tmp_out_processed TmpOutProcessed", "tmp_in_buffer TmpIn", "tmp_out_buffer TmpOut",
    ];

    private readonly Scratch scratch = new();

    [Fact]
    public void Structures_have_the_layout_of_the_installed_header()
    {
        Requires.File("/usr/include/isa-l/igzip_lib.h", "libisal-dev");
        Requires.Programs("gcc");
        var ours = new List<string> { $"{IsalNative.Level1Buffer} {IsalNative.FullFlush} {IsalNative.BlockFinish}" };
        var theirs = new List<string> { "printf(\"%d %d %d\\n\", ISAL_DEF_LVL1_DEFAULT, FULL_FLUSH, ISAL_BLOCK_FINISH);" };
        Compare<IsalZStream>("isal_zstream", StreamFields, ours, theirs);
        Compare<IsalZState>("isal_zstate", StateFields, ours, theirs);
        Compare<IsalInflateState>("inflate_state", InflateFields, ours, theirs);
        File.WriteAllText(scratch["layout.c"], $$"""
            #include <stdio.h>
            #include <stddef.h>
            #include <isa-l/igzip_lib.h>
            int main(void) { {{string.Join('\n', theirs)}} return 0; }
            """);

        Tool.Run("gcc", scratch["layout.c"], "-o", scratch["layout"]);

        Assert.Equal(ours, Tool.Run(scratch["layout"]).Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void The_library_is_used_if_it_is_installed()
    {
        var installed = NativeLibrary.TryLoad("libisal.so.2", out var library);
        NativeLibrary.Free(library);

        Assert.Equal(installed ? "isa-l" : "runtime", DeflateEngine.Current.Name);
        Assert.NotEmpty(DeflateEngine.Current.Description);
    }

    public void Dispose() => scratch.Dispose();

    private static void Compare<T>(string structure, string[] fields, List<string> ours, List<string> theirs)
        where T : unmanaged
    {
        ours.Add($"{structure} {Marshal.SizeOf<T>()}");
        theirs.Add($"printf(\"{structure} %zu\\n\", sizeof(struct {structure}));");
        foreach (var pair in fields.Select(field => field.Split(' ')))
        {
            ours.Add($"{structure}.{pair[0]} {Marshal.OffsetOf<T>(pair[1])}");
            theirs.Add($"printf(\"{structure}.{pair[0]} %zu\\n\", offsetof(struct {structure}, {pair[0]}));");
        }
    }
}
