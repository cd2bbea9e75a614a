using System.Security.Cryptography;
using System.Threading.Channels;

namespace ImageBackup.Ova.IO;

/// <summary>The stored bytes of a member in order, read and hashed by one task while another inflates.</summary>
internal sealed class StoredAhead(StoredFile stored) : IDisposable
{
    private const int ChunkLength = 256 << 10;
    private const int Chunks = 4;

    /// <summary>Bytes of the chunk before that stay in front of each: an inflater may hand back what it had only looked at.</summary>
    private const int Headroom = 16;

    private readonly Channel<Chunk> full = Channel.CreateBounded<Chunk>(Chunks);
    private readonly Channel<Chunk> empty = Channel.CreateUnbounded<Chunk>();
    private readonly IncrementalHash sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private Chunk current = new(new byte[Headroom + ChunkLength], 0);
    private int position;

    /// <summary>Bytes handed out and consumed.</summary>
    public long Consumed { get; private set; }

    /// <summary>What is at hand now.</summary>
    public ReadOnlySpan<byte> Available => current.Bytes.AsSpan(Headroom + position, current.Length - position);

    /// <summary>Reads and hashes to the end.</summary>
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
            sha256.AppendData(chunk.Bytes, Headroom, chunk.Length);
            done += chunk.Length;
            await full.Writer.WriteAsync(chunk, cancellationToken);
        }

        full.Writer.Complete();
    }

    /// <summary>Waits until something is at hand; false at the end.</summary>
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

    /// <summary>Goes on, or a few bytes back.</summary>
    public void Consume(int count)
    {
        position += count;
        Consumed += count;
    }

    /// <summary>SHA-256 of the whole member, lower-case hex, after the pump has ended.</summary>
    public string FinishSha256() => Convert.ToHexStringLower(sha256.GetHashAndReset());

    public void Dispose() => sha256.Dispose();

    private readonly record struct Chunk(byte[] Bytes, int Length);
}
