using Microsoft.Win32.SafeHandles;

namespace ImageBackup.Core.ObjectStorage;

/// <summary>Saves the state of a download after its first bytes and then at most every two seconds, and when it is stopped. The bytes are flushed to the disk first.</summary>
internal sealed class DownloadSaves(Func<DownloadResume, CancellationToken, Task> save, SafeFileHandle file, RangeSet ranges, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim gate = new(1);
    private long? lastSave;

    public async Task SaveIfDueAsync(CancellationToken cancellationToken)
    {
        if (!await gate.WaitAsync(TimeSpan.Zero, cancellationToken))
        {
            return;
        }

        try
        {
            if (lastSave is { } last && time.GetElapsedTime(last) < Interval)
            {
                return;
            }

            await SaveAsync(cancellationToken);
            lastSave = time.GetTimestamp();
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>Saves the state now. No other save may run.</summary>
    public async Task SaveAsync(CancellationToken cancellationToken)
    {
        var resume = ranges.ToResume();
        RandomAccess.FlushToDisk(file);
        await save(resume, cancellationToken);
    }

    public void Dispose() => gate.Dispose();
}
