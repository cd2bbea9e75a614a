using System.Runtime.InteropServices;
using ImageBackup.Ova.IO;

namespace ImageBackup.Ova.Deflate;

/// <summary>ISA-L's inflate for single blocks.</summary>
internal sealed unsafe class IsalInflater : BlockInflater
{
    private readonly NativeBuffer state = new(sizeof(IsalInflateState));

    public override void Inflate(Span<byte> stored, Span<byte> raw)
    {
        FinalBlock.CopyTo(stored[^Tail..]);
        var inflate = (IsalInflateState*)state.Pointer;
        IsalNative.InflateInit(inflate);
        fixed (byte* input = &MemoryMarshal.GetReference(stored), output = &MemoryMarshal.GetReference(raw))
        {
            inflate->NextIn = input;
            inflate->AvailIn = (uint)stored.Length;
            inflate->NextOut = output;
            inflate->AvailOut = (uint)raw.Length;
            var result = IsalNative.InflateStateless(inflate);
            if (result != IsalNative.Ok)
            {
                throw new InvalidDataException(IsalNative.Explain(result));
            }

            // Bytes in the bit buffer were not used.
            var left = inflate->AvailIn + (uint)(Math.Max(0, inflate->ReadInLength) / 8);
            if (inflate->AvailOut != 0 || left != 0)
            {
                throw new InvalidDataException(
                    $"{raw.Length} bytes expected, {raw.Length - inflate->AvailOut} inflated, {left} stored bytes left");
            }
        }
    }

    public override void Dispose() => state.Dispose();
}
