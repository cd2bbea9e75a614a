using System.Runtime.InteropServices;
using ImageBackup.Ova.Deflate.Coding;
using ImageBackup.Ova.IO;

namespace ImageBackup.Ova.Deflate;

/// <summary>ISA-L's deflate at level 1. Blocks with few matches go to <see cref="ManagedDeflater"/>, which is faster with them and makes them smaller.</summary>
internal sealed unsafe class IsalDeflater : BlockDeflater
{
    private const int Stretches = 4;
    private const int StretchLength = 32 << 10;

    private readonly ManagedDeflater managed = ManagedDeflater.Fast();
    private readonly RecentPlaces samples = new(vectors: true);
    private readonly NativeBuffer state = new(sizeof(IsalZStream));
    private readonly NativeBuffer level = new(IsalNative.Level1Buffer);

    public override int Deflate(ReadOnlySpan<byte> raw, Span<byte> stored)
    {
        if (!HasMatches(raw))
        {
            return managed.Deflate(raw, stored);
        }

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
        managed.Dispose();
        samples.Dispose();
        state.Dispose();
        level.Dispose();
    }

    /// <summary>Samples stretches of a block until one has matches.</summary>
    private bool HasMatches(ReadOnlySpan<byte> raw)
    {
        samples.Clear();
        fixed (byte* input = &MemoryMarshal.GetReference(raw))
        {
            for (var stretch = 0; stretch < Stretches; stretch++)
            {
                var start = (int)((long)raw.Length * stretch / Stretches);
                if (samples.HasMatches(input, start, Math.Min(start + StretchLength, raw.Length - RecentPlaces.GroupBytes)))
                {
                    return true;
                }
            }
        }

        return false;
    }
}
