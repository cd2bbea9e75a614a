using System.Security.Cryptography;

namespace ImageBackup.Disks.Unpacking;

/// <summary>The check of a block of an xz file (§2.1.1.2 Stream Flags, §3.4 Check).</summary>
internal abstract class XzCheck(int type, int length) : IDisposable
{
    public int Type => type;

    /// <summary>Bytes of the check in the file.</summary>
    public int Length => length;

    /// <exception cref="DiskImageException">The check is not supported.</exception>
    public static XzCheck Create(int type) => type switch
    {
        0 => new None(),
        1 => new Sum32(),
        4 => new Sum64(),
        10 => new Sha(),
        _ => throw DiskImageException.Unsupported($"The xz file uses check {type}, which is not known. None, CRC32, CRC64 and SHA-256 are."),
    };

    public abstract void Reset();

    public abstract void Append(ReadOnlySpan<byte> bytes);

    public abstract bool Matches(ReadOnlySpan<byte> expected);

    public abstract void Dispose();

    private sealed class None() : XzCheck(0, 0)
    {
        public override void Reset()
        {
        }

        public override void Append(ReadOnlySpan<byte> bytes)
        {
        }

        public override bool Matches(ReadOnlySpan<byte> expected) => true;

        public override void Dispose()
        {
        }
    }

    private sealed class Sum32() : XzCheck(1, 4)
    {
        private readonly System.IO.Hashing.Crc32 crc = new();

        public override void Reset() => crc.Reset();

        public override void Append(ReadOnlySpan<byte> bytes) => crc.Append(bytes);

        public override bool Matches(ReadOnlySpan<byte> expected) => crc.GetCurrentHash().AsSpan().SequenceEqual(expected);

        public override void Dispose()
        {
        }
    }

    private sealed class Sum64() : XzCheck(4, 8)
    {
        private readonly XzCrc64 crc = new();

        public override void Reset() => crc.Reset();

        public override void Append(ReadOnlySpan<byte> bytes) => crc.Append(bytes);

        public override bool Matches(ReadOnlySpan<byte> expected) => crc.Value == System.Buffers.Binary.BinaryPrimitives.ReadUInt64LittleEndian(expected);

        public override void Dispose()
        {
        }
    }

    private sealed class Sha() : XzCheck(10, 32)
    {
        private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

        public override void Reset() => hash.GetHashAndReset();

        public override void Append(ReadOnlySpan<byte> bytes) => hash.AppendData(bytes);

        public override bool Matches(ReadOnlySpan<byte> expected) => hash.GetCurrentHash().AsSpan().SequenceEqual(expected);

        public override void Dispose() => hash.Dispose();
    }
}
