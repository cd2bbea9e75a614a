using System.Collections.Concurrent;
using ImageBackup.Ova.IO;

namespace ImageBackup.Ova.Blocks;

/// <summary>Threads for packing or restoring one volume, and the scheduler that keeps the work on them. The thread pool stays free to answer requests.</summary>
internal sealed class DataPathThreads : TaskScheduler, IDisposable
{
    /// <summary>Nice value: about a third of an ordinary thread's weight, so that threads that answer requests run first.</summary>
    private const int Nice = 5;

    private readonly BlockingCollection<Task> queue = [];
    private readonly Thread[] threads;

    public DataPathThreads(int count)
    {
        threads = new Thread[count];
        for (var i = 0; i < count; i++)
        {
            threads[i] = new Thread(Work) { IsBackground = true, Name = $"data path {i}" };
            threads[i].Start();
        }
    }

    public override int MaximumConcurrencyLevel => threads.Length;

    /// <summary>Starts work on these threads. Its continuations run on them, too.</summary>
    public Task Start(Func<Task> work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.DenyChildAttach, this).Unwrap();

    /// <summary>Ends the threads. Call it from another thread, when all started work has ended.</summary>
    public void Dispose()
    {
        queue.CompleteAdding();
        foreach (var thread in threads)
        {
            thread.Join();
        }

        queue.Dispose();
    }

    protected override void QueueTask(Task task) => queue.Add(task);

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) =>
        !taskWasPreviouslyQueued && Array.IndexOf(threads, Thread.CurrentThread) >= 0 && TryExecuteTask(task);

    protected override IEnumerable<Task> GetScheduledTasks() => queue.ToArray();

    private void Work()
    {
        if (Libc.IsUsable)
        {
            // Raising the nice value needs no right. If it fails, the threads only compete more.
            _ = Libc.SetPriority(which: 0, who: 0, Nice);
        }

        foreach (var task in queue.GetConsumingEnumerable())
        {
            TryExecuteTask(task);
        }
    }
}
