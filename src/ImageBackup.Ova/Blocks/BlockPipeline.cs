using System.Runtime.ExceptionServices;
using System.Threading.Channels;

namespace ImageBackup.Ova.Blocks;

/// <summary>
/// Processes blocks on several threads. Blocks are taken and committed in order, their number in flight is bounded, and the first exception stops the work. While some
/// blocks wait for the disk, others are processed.
/// </summary>
internal sealed class BlockPipeline : IDisposable
{
    private readonly IBlockWork work;
    private readonly CancellationTokenSource stop;
    private readonly Channel<BlockSlot> free = Channel.CreateUnbounded<BlockSlot>();
    private readonly Channel<BlockSlot> taken = Channel.CreateUnbounded<BlockSlot>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Channel<int> idleWorkers = Channel.CreateUnbounded<int>();
    private readonly SemaphoreSlim gate = new(1);
    private ExceptionDispatchInfo? failure;
    private bool ended;

    private BlockPipeline(IBlockWork work, CancellationTokenSource stop)
    {
        this.work = work;
        this.stop = stop;
    }

    /// <summary>
    /// Runs until <see cref="IBlockWork.TakeAsync"/> has no more blocks, a step throws or the token is canceled. No step runs any more when the method returns or
    /// throws.
    /// </summary>
    /// <param name="beside">Tasks to run on threads of their own meanwhile.</param>
    public static async Task RunAsync(
        IBlockWork work, DataPathOptions options, CancellationToken cancellationToken, params Func<CancellationToken, Task>[] beside)
    {
        var workers = options.EffectiveWorkers;
        var slots = new List<BlockSlot>();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var pipeline = new BlockPipeline(work, stop);
        try
        {
            for (var i = 0; i < options.Slots; i++)
            {
                slots.Add(new BlockSlot());
                pipeline.free.Writer.TryWrite(slots[i]);
            }

            await pipeline.RunAsync(workers, options.Lanes, beside);
        }
        finally
        {
            slots.ForEach(slot => slot.Dispose());
        }

        cancellationToken.ThrowIfCancellationRequested();
        pipeline.failure?.Throw();
    }

    public void Dispose() => gate.Dispose();

    private async Task RunAsync(int workers, int lanes, Func<CancellationToken, Task>[] beside)
    {
        for (var worker = 0; worker < workers; worker++)
        {
            idleWorkers.Writer.TryWrite(worker);
        }

        using var threads = new DataPathThreads(lanes + 1);
        var running = new List<Task> { threads.Start(() => StopOnFailureAsync(CommitAllAsync)) };
        running.AddRange(beside.Select(task => threads.Start(() => StopOnFailureAsync(() => task(stop.Token)))));
        running.AddRange(Enumerable.Range(0, lanes).Select(_ => threads.Start(() => StopOnFailureAsync(WorkAsync))));
        await Task.WhenAll(running).ConfigureAwait(false);

        // This continuation may run on one of the threads that are joined next, so it moves to another thread.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
    }

    private async Task WorkAsync()
    {
        while (await TakeAsync() is { } slot)
        {
            work.Read(slot);
            var worker = await idleWorkers.Reader.ReadAsync(stop.Token);
            work.Process(slot, worker);
            idleWorkers.Writer.TryWrite(worker);
            work.Write(slot);
            slot.Finish();
        }
    }

    private async Task<BlockSlot?> TakeAsync()
    {
        await gate.WaitAsync(stop.Token);
        try
        {
            if (ended)
            {
                return null;
            }

            var slot = await free.Reader.ReadAsync(stop.Token);

            // After an exception nobody may take again: the work would report another error about the same bytes.
            ended = true;
            if (!await work.TakeAsync(slot, stop.Token))
            {
                taken.Writer.Complete();
                return null;
            }

            ended = false;
            slot.Begin();
            taken.Writer.TryWrite(slot);
            return slot;
        }
        finally
        {
            gate.Release();
        }
    }

    private async Task CommitAllAsync()
    {
        await foreach (var slot in taken.Reader.ReadAllAsync(stop.Token))
        {
            await slot.Finished.WaitAsync(stop.Token);
            await work.CommitAsync(slot, stop.Token);
            free.Writer.TryWrite(slot);
        }
    }

    /// <summary>Runs a body. The first exception of any body is kept and stops the others.</summary>
    private async Task StopOnFailureAsync(Func<Task> body)
    {
        try
        {
            await body();
        }
        catch (Exception exception)
        {
            Interlocked.CompareExchange(ref failure, ExceptionDispatchInfo.Capture(exception), null);
            await stop.CancelAsync();
        }
    }
}
