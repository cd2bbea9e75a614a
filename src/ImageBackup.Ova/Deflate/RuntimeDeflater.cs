using System.IO.Compression;
using System.Runtime.InteropServices;

namespace ImageBackup.Ova.Deflate;

/// <summary>The .NET runtime's deflate. Each block is a new stream, flushed (zlib's Z_SYNC_FLUSH ends at a byte boundary), without its final block.</summary>
internal sealed class RuntimeDeflater(int level) : BlockDeflater
{
    private readonly ZLibCompressionOptions options = new() { CompressionLevel = level };

    public override unsafe int Deflate(ReadOnlySpan<byte> raw, Span<byte> stored)
    {
        fixed (byte* memory = &MemoryMarshal.GetReference(stored))
        {
            using var output = new UnmanagedMemoryStream(memory, 0, stored.Length, FileAccess.Write);
            using var bounded = new BoundedStream(output, stored.Length);
            using var deflate = new DeflateStream(bounded, options, leaveOpen: true);
            deflate.Write(raw);
            deflate.Flush();
            var length = bounded.Overflowed ? 0 : (int)output.Position;
            bounded.Close();
            return length;
        }
    }

    public override void Dispose()
    {
    }

    /// <summary>Takes what fits and drops the rest. A block that does not fit is stored uncompressed.</summary>
    private sealed class BoundedStream(Stream inner, long room) : Stream
    {
        private bool closed;

        public bool Overflowed { get; private set; }

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            if (closed || Overflowed)
            {
                return;
            }

            Overflowed = buffer.Length > room;
            if (!Overflowed)
            {
                inner.Write(buffer);
                room -= buffer.Length;
            }
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Close() => closed = true;
    }
}
