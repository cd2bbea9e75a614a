using System.Runtime.InteropServices;
using ImageBackup.Ova.IO;

namespace ImageBackup.Ova.Deflate;

/// <summary>ISA-L's inflate for a stream.</summary>
internal sealed unsafe class IsalStreamInflater : StreamInflater
{
    private readonly NativeBuffer state = new(sizeof(IsalInflateState));

    public IsalStreamInflater() => IsalNative.InflateInit(State);

    public override bool IsFinished => State->BlockState == IsalNative.BlockFinish;

    private IsalInflateState* State => (IsalInflateState*)state.Pointer;

    public override void Reset() => IsalNative.InflateReset(State);

    public override (int Consumed, int Written) Inflate(ReadOnlySpan<byte> input, Span<byte> output)
    {
        var inflate = State;
        fixed (byte* from = &MemoryMarshal.GetReference(input), to = &MemoryMarshal.GetReference(output))
        {
            inflate->NextIn = from;
            inflate->AvailIn = (uint)input.Length;
            inflate->NextOut = to;
            inflate->AvailOut = (uint)output.Length;
            var result = IsalNative.Inflate(inflate);
            if (result != IsalNative.Ok)
            {
                throw new InvalidDataException(IsalNative.Explain(result));
            }

            // Its bit buffer holds up to eight bytes. Those behind the final block were not used.
            var unused = IsFinished ? Math.Max(0, inflate->ReadInLength) / 8 : 0;
            return ((int)(inflate->NextIn - from) - unused, (int)(inflate->NextOut - to));
        }
    }

    public override void Dispose() => state.Dispose();
}
