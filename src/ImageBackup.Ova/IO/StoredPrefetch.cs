using System.Security.Cryptography;
using System.Threading.Channels;

namespace ImageBackup.Ova.IO;

/// <summary>Reads and hashes a member in order on one task, while another task inflates it.</summary>
/// <param name="stored">The member.</param>
/// <param name="expected">The digest to compare with; null computes SHA-256.</param>
internal sealed class StoredPrefetch(StoredFile stored, OvaDigest? expected = null) : IDisposable
{
    private const int ChunkLength = 256 << 10;
    private const int Chunks = 4;

    /// <summary>Bytes of the previous chunk that are kept before each chunk, because an inflater may return bytes that it did not use.</summary>
    private const int Headroom = 16;

    private readonly Channel<Chunk> full = Channel.CreateBounded<Chunk>(Chunks);
    private readonly Channel<Chunk> empty = Channel.CreateUnbounded<Chunk>();
    private readonly IncrementalHash hash = OvaDigest.HashFor(expected);
    private Chunk current = new(new byte[Headroom + ChunkLength], 0);
    private int position;

    /// <summary>Number of bytes consumed.</summary>
    public long Consumed { get; private set; }

    /// <summary>The bytes that are ready.</summary>
    public ReadOnlySpan<byte> Available => current.Bytes.AsSpan(Headroom + position, current.Length - position);

    /// <summary>Reads and hashes the member to its end.</summary>
    public async Task PumpAsync(CancellationToken cancellationToken)
    {
        for (var i = 0; i < Chunks; i++)
        {
            empty.Writer.TryWrite(new Chunk(new byte[Headroom + ChunkLength], 0));
        }

        for (var done = 0L; done < stored.Length;)
        {
            var chunk = await empty.Reader.ReadAsync(cancellationToken);
            chunk = chunk with { Length = (int)Math.Min(ChunkLength, stored.Length - done) };
            stored.Read(chunk.Bytes.AsSpan(Headroom, chunk.Length), done);
            hash.AppendData(chunk.Bytes, Headroom, chunk.Length);
            done += chunk.Length;
            await full.Writer.WriteAsync(chunk, cancellationToken);
        }

        full.Writer.Complete();
    }

    /// <summary>Waits until bytes are ready. Returns false at the end.</summary>
    public async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        while (position == current.Length)
        {
            if (!await full.Reader.WaitToReadAsync(cancellationToken))
            {
                return false;
            }

            var chunk = await full.Reader.ReadAsync(cancellationToken);
            current.Bytes.AsSpan(current.Length, Headroom).CopyTo(chunk.Bytes);
            empty.Writer.TryWrite(current);
            position = 0;
            current = chunk;
        }

        return true;
    }

    /// <summary>Consumes bytes. A negative count, of at most 16, gives bytes back.</summary>
    public void Consume(int count)
    {
        position += count;
        Consumed += count;
    }

    /// <summary>Returns the digest of the whole member, to compare with the expected one. Call it after the pump has ended.</summary>
    public OvaDigest FinishDigest() => OvaDigest.Finish(hash);

    public void Dispose() => hash.Dispose();

    private readonly record struct Chunk(byte[] Bytes, int Length);
}
