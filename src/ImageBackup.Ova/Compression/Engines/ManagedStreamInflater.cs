using ICSharpCode.SharpZipLib;
using ICSharpCode.SharpZipLib.Zip.Compression;

namespace ImageBackup.Ova.Compression.Engines;

/// <summary>SharpZipLib's inflate: slower than any other here, but everywhere, and it tells which byte was the last.</summary>
internal sealed class ManagedStreamInflater : StreamInflater
{
    private readonly Inflater inflater = new(noHeader: true);
    private readonly byte[] input = new byte[64 << 10];
    private readonly byte[] output = new byte[64 << 10];

    /// <summary>Bytes that the inflater holds and has not consumed; the caller passes them again.</summary>
    private int held;

    public override bool IsFinished => inflater.IsFinished;

    public override void Reset()
    {
        inflater.Reset();
        held = 0;
    }

    public override (int Consumed, int Written) Inflate(ReadOnlySpan<byte> from, Span<byte> to)
    {
        if (inflater.IsNeedingInput && from.Length > 0)
        {
            held = Math.Min(from.Length, input.Length);
            from[..held].CopyTo(input);
            inflater.SetInput(input, 0, held);
        }

        try
        {
            var written = inflater.Inflate(output, 0, Math.Min(output.Length, to.Length));
            output.AsSpan(0, written).CopyTo(to);
            var consumed = held - inflater.RemainingInput;
            held -= consumed;
            return (consumed, written);
        }
        catch (SharpZipBaseException exception)
        {
            throw new InvalidDataException(exception.Message, exception);
        }
    }

    public override void Dispose()
    {
    }
}
