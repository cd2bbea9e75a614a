using System.Collections.Concurrent;
using ImageBackup.Ova.IO;

namespace ImageBackup.Ova.Blocks;

/// <summary>Threads of one run of the data path, and the scheduler that keeps all of its work on them: the thread pool stays free for whoever answers requests meanwhile.</summary>
internal sealed class DataPathThreads : TaskScheduler, IDisposable
{
    /// <summary>Half the weight of an ordinary thread's, and a bit less.</summary>
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

    /// <summary>Starts work whose continuations come back to these threads.</summary>
    public Task Start(Func<Task> work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.DenyChildAttach, this).Unwrap();

    /// <summary>Lets the threads end once their queue is empty; call it from outside, after all started work has ended.</summary>
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
            // Whoever answers a request goes first. To be nicer needs no right, and where the system says no, nothing but that is lost.
            _ = Libc.SetPriority(which: 0, who: 0, Nice);
        }

        foreach (var task in queue.GetConsumingEnumerable())
        {
            TryExecuteTask(task);
        }
    }
}
