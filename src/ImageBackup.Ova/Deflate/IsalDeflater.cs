using System.Runtime.InteropServices;
using ImageBackup.Ova.IO;

namespace ImageBackup.Ova.Deflate;

/// <summary>ISA-L's deflate at level 1.</summary>
internal sealed unsafe class IsalDeflater : BlockDeflater
{
    private readonly NativeBuffer state = new(sizeof(IsalZStream));
    private readonly NativeBuffer level = new(IsalNative.Level1Buffer);

    public override int Deflate(ReadOnlySpan<byte> raw, Span<byte> stored)
    {
        var stream = (IsalZStream*)state.Pointer;
        IsalNative.DeflateStatelessInit(stream);
        fixed (byte* input = &MemoryMarshal.GetReference(raw), output = &MemoryMarshal.GetReference(stored))
        {
            stream->NextIn = input;
            stream->AvailIn = (uint)raw.Length;
            stream->NextOut = output;
            stream->AvailOut = (uint)stored.Length;
            stream->Level = 1;
            stream->LevelBuf = level.Pointer;
            stream->LevelBufSize = (uint)level.Length;
            stream->Flush = IsalNative.FullFlush;
            stream->EndOfStream = 0;
            return IsalNative.DeflateStateless(stream) == IsalNative.Ok && stream->AvailIn == 0 ? (int)stream->TotalOut : 0;
        }
    }

    public override void Dispose()
    {
        state.Dispose();
        level.Dispose();
    }
}
