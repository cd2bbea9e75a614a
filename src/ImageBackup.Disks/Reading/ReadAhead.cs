using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace ImageBackup.Disks.Reading;

/// <summary>
/// Reads a disk in order on several threads of its own. A bounded number of pieces is read ahead, and each is worked on by the thread that read it, so memory does not
/// grow with the disk.
/// </summary>
internal sealed class ReadAhead : IDisposable
{
    /// <summary>Pieces with data begin and end at multiples of this, but for the last.</summary>
    public const int Alignment = 1 << 16;

    private const int MinChunk = 1 << 18;
    private const int MaxThreads = 8;

    private readonly DiskSource disk;
    private readonly Action<DiskChunk> work;
    private readonly CancellationToken stop;
    private readonly int chunkSize;
    private readonly int threads;
    private readonly Channel<DiskChunk> ordered = Channel.CreateUnbounded<DiskChunk>(new UnboundedChannelOptions { SingleReader = true });
    private readonly BlockingCollection<DiskChunk> free = [];
    private readonly Lock gate = new();
    private long position;

    private ReadAhead(DiskSource disk, Action<DiskChunk> work, CancellationToken stop)
    {
        this.disk = disk;
        this.work = work;
        this.stop = stop;
        chunkSize = Math.Max(MinChunk, disk.Unit);
        threads = (int)Math.Clamp(disk.Length / chunkSize, 1, Math.Min(Environment.ProcessorCount, MaxThreads));
        for (var i = 0; i < (2 * threads) + 2; i++)
        {
            free.Add(new DiskChunk(chunkSize), CancellationToken.None);
        }
    }

    /// <summary>Yields the disk's pieces in order. A piece is valid until the next one is asked for; when the enumeration ends, no thread runs any more.</summary>
    /// <param name="disk">The disk.</param>
    /// <param name="work">Called for each piece with data on one of the threads, before the piece is yielded.</param>
    public static async IAsyncEnumerable<DiskChunk> RunAsync(
        DiskSource disk, Action<DiskChunk> work, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var ahead = new ReadAhead(disk, work, stop.Token);
        var running = ahead.Start();
        try
        {
            await foreach (var chunk in ahead.ordered.Reader.ReadAllAsync(cancellationToken))
            {
                await chunk.Finished;
                cancellationToken.ThrowIfCancellationRequested();
                yield return chunk;
                ahead.free.Add(chunk, CancellationToken.None);
            }
        }
        finally
        {
            await stop.CancelAsync();
            await running;
        }
    }

    public void Dispose() => free.Dispose();

    private Task Start() => Task.WhenAll(Enumerable.Range(0, threads)
        .Select(_ => Task.Factory.StartNew(Work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));

    /// <summary>Takes and reads pieces until none is left. Failures go to the consumer, in the order of the pieces.</summary>
    private void Work()
    {
        try
        {
            while (Take() is { } chunk)
            {
                Process(chunk);
            }

            ordered.Writer.TryComplete();
        }
        catch (Exception exception)
        {
            ordered.Writer.TryComplete(exception);
        }
    }

    private void Process(DiskChunk chunk)
    {
        try
        {
            if (!chunk.IsHole)
            {
                disk.Read(chunk.Data.Span, chunk.Offset);
                work(chunk);
            }

            chunk.Finish();
        }
        catch (Exception exception)
        {
            chunk.Fail(exception);
        }
    }

    private DiskChunk? Take()
    {
        lock (gate)
        {
            if (position >= disk.Length)
            {
                return null;
            }

            var chunk = free.Take(stop);
            var data = disk.NextData(position);
            if (data < disk.Length)
            {
                data &= ~(Alignment - 1L);
            }

            if (data > position)
            {
                chunk.Begin(position, data - position, isHole: true);
            }
            else
            {
                chunk.Begin(position, Math.Min(chunkSize - (position % chunkSize), disk.Length - position), isHole: false);
            }

            position += chunk.Length;
            ordered.Writer.TryWrite(chunk);
            return chunk;
        }
    }
}
