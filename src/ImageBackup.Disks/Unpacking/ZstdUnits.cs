using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace ImageBackup.Disks.Unpacking;

/// <summary>Zstandard frames (RFC 8878), as qcow2 packs clusters.</summary>
internal sealed class ZstdUnits : UnitUnpacker
{
    private readonly ConcurrentBag<Decompressor> idle = [];

    public override void Unpack(ReadOnlySpan<byte> packed, Span<byte> unit, int needed)
    {
        var decompressor = idle.TryTake(out var used) ? used : new Decompressor();
        try
        {
            // The whole unit must be there: a frame is unpacked at once, into room for all of it.
            var done = 0;
            while (done < unit.Length)
            {
                var frame = packed[..FrameLength(packed)];
                done += decompressor.Unwrap(frame, unit[done..]);
                packed = packed[frame.Length..];
            }
        }
        catch (ZstdException exception)
        {
            throw new InvalidDataException(exception.Message, exception);
        }
        finally
        {
            idle.Add(decompressor);
        }
    }

    public override void Dispose()
    {
        while (idle.TryTake(out var decompressor))
        {
            decompressor.Dispose();
        }
    }

    private static unsafe int FrameLength(ReadOnlySpan<byte> packed)
    {
        fixed (byte* memory = &MemoryMarshal.GetReference(packed))
        {
            var length = Methods.ZSTD_findFrameCompressedSize(memory, (nuint)packed.Length);
            return Methods.ZSTD_isError(length) ? throw new InvalidDataException("it is no whole zstd frame") : (int)length;
        }
    }
}
