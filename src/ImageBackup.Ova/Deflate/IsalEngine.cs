using System.Runtime.InteropServices;

namespace ImageBackup.Ova.Deflate;

/// <summary>Intel ISA-L.</summary>
internal sealed class IsalEngine : DeflateEngine
{
    public override string Name => "isa-l";

    public override string Description => "Deflates Fast and inflates by Intel ISA-L (libisal.so.2), deflates True by its own code";

    /// <summary>Loads the library and tests it. Returns null if it is missing, or if it fails because its structures differ from those declared here.</summary>
    public static IsalEngine? TryLoad(out string reason)
    {
        if (RuntimeInformation.ProcessArchitecture is not (Architecture.X64 or Architecture.Arm64) || !OperatingSystem.IsLinux())
        {
            reason = $"ISA-L is used only on x64 and arm64 Linux, not on {RuntimeInformation.RuntimeIdentifier}";
            return null;
        }

        try
        {
            var engine = new IsalEngine();
            engine.Test();
            reason = "";
            return engine;
        }
        catch (Exception exception) when (exception is DllNotFoundException or EntryPointNotFoundException or InvalidDataException)
        {
            reason = exception is DllNotFoundException ? "libisal.so.2 was not found (Debian: apt install libisal2)" : $"libisal.so.2 cannot be used: {exception.Message}";
            return null;
        }
    }

    internal override BlockDeflater CreateFastDeflater() => new IsalDeflater();

    internal override BlockInflater CreateInflater() => new IsalInflater();

    internal override StreamInflater CreateStreamInflater() => new IsalStreamInflater();

    private void Test()
    {
        var raw = new byte[256 << 10];
        for (var i = 0; i < raw.Length; i++)
        {
            raw[i] = (byte)(i * i >> 8);
        }

        var stored = new byte[raw.Length + 4096];
        var inflated = new byte[raw.Length];
        using var deflater = CreateFastDeflater();
        using var inflater = CreateInflater();
        var length = deflater.Deflate(raw, stored);
        inflater.Inflate(stored.AsSpan(0, length + BlockInflater.Tail), inflated);
        if (!inflated.AsSpan().SequenceEqual(raw))
        {
            throw new InvalidDataException("it does not inflate its own data to the same bytes");
        }
    }
}
