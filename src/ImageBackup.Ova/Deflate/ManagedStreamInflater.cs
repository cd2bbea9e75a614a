using ICSharpCode.SharpZipLib;
using ICSharpCode.SharpZipLib.Zip.Compression;

namespace ImageBackup.Ova.Deflate;

/// <summary>SharpZipLib's inflate. It is the slowest, but runs everywhere and tells which byte was the last.</summary>
internal sealed class ManagedStreamInflater : StreamInflater
{
    private readonly Inflater inflater = new(noHeader: true);
    private readonly byte[] input = new byte[64 << 10];
    private readonly byte[] output = new byte[64 << 10];
    private long fed;
    private long reported;

    public override bool IsFinished => inflater.IsFinished;

    public override void Reset()
    {
        inflater.Reset();
        fed = reported = 0;
    }

    public override (int Consumed, int Written) Inflate(ReadOnlySpan<byte> from, Span<byte> to)
    {
        if (inflater.IsNeedingInput && from.Length > 0)
        {
            var count = Math.Min(from.Length, input.Length);
            from[..count].CopyTo(input);
            inflater.SetInput(input, 0, count);
            fed += count;
        }

        try
        {
            var written = inflater.Inflate(output, 0, Math.Min(output.Length, to.Length));
            output.AsSpan(0, written).CopyTo(to);
            return (Report(), written);
        }
        catch (Exception exception) when (exception is SharpZipBaseException or IndexOutOfRangeException)
        {
            // The library reports some damaged data with IndexOutOfRangeException.
            throw new InvalidDataException(exception.Message, exception);
        }
    }

    public override void Dispose()
    {
    }

    /// <summary>
    /// Returns the bytes consumed. The caller passes unused input again. The few bytes in the bit buffer count as consumed, and are given back if the stream ends
    /// before them.
    /// </summary>
    private int Report()
    {
        var used = fed - inflater.RemainingInput;
        if (!inflater.IsFinished)
        {
            used = inflater.IsNeedingInput ? fed : Math.Max(reported, used);
        }

        var consumed = (int)(used - reported);
        reported = used;
        return consumed;
    }
}
