using System.Buffers.Binary;
using ImageBackup.Disks.Opening;

namespace ImageBackup.Disks.Tests.Support;

/// <summary>Images with changed bytes, and what is said of them.</summary>
internal static class Patch
{
    public static byte[] With(this byte[] image, long offset, params byte[] bytes)
    {
        var changed = (byte[])image.Clone();
        bytes.CopyTo(changed, offset);
        return changed;
    }

    public static byte[] With32(this byte[] image, long offset, uint value)
    {
        var changed = (byte[])image.Clone();
        BinaryPrimitives.WriteUInt32BigEndian(changed.AsSpan((int)offset), value);
        return changed;
    }

    public static byte[] With64(this byte[] image, long offset, ulong value)
    {
        var changed = (byte[])image.Clone();
        BinaryPrimitives.WriteUInt64BigEndian(changed.AsSpan((int)offset), value);
        return changed;
    }

    public static byte[] WithLittle32(this byte[] image, long offset, uint value) => image.With32(offset, BinaryPrimitives.ReverseEndianness(value));

    public static byte[] WithLittle64(this byte[] image, long offset, ulong value) => image.With64(offset, BinaryPrimitives.ReverseEndianness(value));

    /// <summary>Opens an image and reads all of it; it must be refused.</summary>
    public static void IsRefused(byte[] image, DiskImageError error, string message)
    {
        var refusal = Assert.Throws<DiskImageException>(() => ReadAll(image));

        Assert.Equal((error, message), (refusal.Error, refusal.Message));
    }

    /// <summary>Opens an image and reads all of it.</summary>
    public static byte[] ReadAll(byte[] image)
    {
        using var opened = DiskImages.Open(new MemorySource(image), new DiskOpenOptions(), CancellationToken.None);
        return Judge.Read(opened.Guest!, 0, (int)opened.Length!);
    }

    internal sealed class MemorySource(byte[] bytes, int length) : DiskSource
    {
        public MemorySource(byte[] bytes)
            : this(bytes, bytes.Length)
        {
        }

        public override long Length => length;

        public override void Read(Span<byte> buffer, long offset) => bytes.AsSpan(0, length).Slice((int)offset, buffer.Length).CopyTo(buffer);
    }
}
