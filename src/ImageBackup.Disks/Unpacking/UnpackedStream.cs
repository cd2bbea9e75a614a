using SharpCompress.Common;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace ImageBackup.Disks.Unpacking;

/// <summary>The contents of a compressed file, from its beginning to its end.</summary>
public sealed class UnpackedStream : IDisposable
{
    /// <summary>The window of zstd --ultra -21, 64 MiB.</summary>
    private const int MaxZstdWindowBits = 26;

    private readonly DiskFormat format;
    private readonly Stream stream;

    /// <summary>Opens a compressed file.</summary>
    /// <param name="format">A format for which <see cref="Reads"/> returns true.</param>
    /// <param name="source">The file. The caller disposes it.</param>
    public UnpackedStream(DiskFormat format, DiskSource source)
    {
        this.format = format;
        var packed = new SourceStream(source);
        stream = format switch
        {
            DiskFormat.Gzip => new GzipReader(packed),
            DiskFormat.Xz => new XzReader(packed),
            DiskFormat.Zstd => OpenZstd(packed),
            _ => throw new ArgumentOutOfRangeException(nameof(format), format, null),
        };
    }

    /// <summary>Whether the format is a compression that is unpacked here.</summary>
    public static bool Reads(DiskFormat format) => format is DiskFormat.Gzip or DiskFormat.Xz or DiskFormat.Zstd;

    /// <summary>Fills the buffer.</summary>
    /// <returns>Bytes filled: fewer than the buffer's only at the end.</returns>
    /// <exception cref="DiskImageException">The file is damaged or uses something that is not read.</exception>
    public int Fill(Span<byte> buffer)
    {
        try
        {
            return stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        }
        catch (ZstdException exception) when (exception.Code is ZSTD_ErrorCode.ZSTD_error_frameParameter_windowTooLarge)
        {
            throw DiskImageException.Unsupported("The zstd file uses a window of more than 64 MiB. Pack it again without --long and with at most --ultra -21.");
        }
        catch (Exception exception) when (exception is InvalidDataException or SharpCompressException or ZstdException or EndOfStreamException)
        {
            throw DiskImageException.Damaged($"The {DiskFormatNames.NameOf(format)} file is damaged: {exception.Message}", exception);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => stream.Dispose();

    private static DecompressionStream OpenZstd(SourceStream packed)
    {
        var zstd = new DecompressionStream(packed, leaveOpen: false);
        zstd.SetParameter(ZSTD_dParameter.ZSTD_d_windowLogMax, MaxZstdWindowBits);
        return zstd;
    }
}
