using System.IO.Compression;
using System.Security.Cryptography;

namespace ImageBackup.Disks.Unpacking;

/// <summary>
/// Unpacks gzip (RFC 1952) of one or several members. <see cref="GZipStream"/> takes a file that is cut off for a whole one. So a last member with a secret mark is appended
/// to the input: the mark comes out only when everything before it is whole, because a member that is cut off swallows the appended bytes and fails its checksum.
/// </summary>
internal sealed class GzipReader : ReadStream
{
    private const int MarkLength = 32;

    private readonly byte[] mark = RandomNumberGenerator.GetBytes(MarkLength);
    private readonly GZipStream gzip;
    private readonly byte[] ahead = new byte[MarkLength];
    private bool hasAhead;

    public GzipReader(Stream input) =>
        gzip = new GZipStream(new Concatenation(input, new MemoryStream(Pack(mark))), CompressionMode.Decompress);

    /// <summary>Reads bytes; the last ones of the mark's length are always held back, to be compared at the end.</summary>
    public override int Read(Span<byte> bytes)
    {
        if (!hasAhead)
        {
            hasAhead = true;
            if (gzip.ReadAtLeast(ahead, MarkLength, throwOnEndOfStream: false) < MarkLength)
            {
                throw CutOff();
            }
        }

        var count = gzip.Read(bytes);
        if (count > 0)
        {
            Delay(bytes[..count]);
            return count;
        }

        return ahead.AsSpan().SequenceEqual(mark) ? 0 : throw CutOff();
    }

    protected override void Dispose(bool disposing)
    {
        gzip.Dispose();
        base.Dispose(disposing);
    }

    private static InvalidDataException CutOff() => new("it is cut off, or bytes that are no gzip follow it");

    private static byte[] Pack(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.NoCompression, leaveOpen: true))
        {
            gzip.Write(bytes);
        }

        return packed.ToArray();
    }

    /// <summary>Puts the bytes held back in front and holds back as many at the end.</summary>
    private void Delay(Span<byte> bytes)
    {
        Span<byte> held = stackalloc byte[MarkLength];
        ahead.CopyTo(held);
        if (bytes.Length >= MarkLength)
        {
            bytes[^MarkLength..].CopyTo(ahead);
            bytes[..^MarkLength].CopyTo(bytes[MarkLength..]);
            held.CopyTo(bytes);
            return;
        }

        held[bytes.Length..].CopyTo(ahead);
        bytes.CopyTo(ahead.AsSpan(MarkLength - bytes.Length));
        held[..bytes.Length].CopyTo(bytes);
    }

    /// <summary>One stream behind another.</summary>
    private sealed class Concatenation(Stream first, Stream second) : ReadStream
    {
        public override int Read(Span<byte> bytes) => first.Read(bytes) is > 0 and var count ? count : second.Read(bytes);

        protected override void Dispose(bool disposing)
        {
            first.Dispose();
            second.Dispose();
            base.Dispose(disposing);
        }
    }
}
