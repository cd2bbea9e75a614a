using ImageBackup.Ova;

namespace ImageBackup.Core.ObjectStorage;

/// <summary>Adds up the bytes of parts that run side by side and tells one listener, one call at a time; the sum told never falls, even where a part starts again.</summary>
internal sealed class TransferMeter(OvaProgress progress, long bytesBefore) : IDisposable
{
    private readonly SemaphoreSlim gate = new(1);
    private long sum = bytesBefore;
    private long told;

    /// <summary>Tells the listener what an earlier run has done.</summary>
    public ValueTask StartAsync(CancellationToken cancellationToken)
    {
        told = sum;
        return progress(told, cancellationToken);
    }

    /// <summary>Runs one attempt at a part; what a failed one moved is taken back.</summary>
    public async Task<T> CountAsync<T>(Func<BytesMoved, Task<T>> attempt, CancellationToken cancellationToken)
    {
        var moved = 0L;
        try
        {
            return await attempt(async (bytes, token) =>
            {
                moved += bytes;
                await AddAsync(bytes, token);
            });
        }
        catch (ObjectStoreException)
        {
            await AddAsync(-moved, cancellationToken);
            throw;
        }
    }

    public void Dispose() => gate.Dispose();

    private async ValueTask AddAsync(long bytes, CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            sum += bytes;
            if (sum > told)
            {
                told = sum;
                await progress(told, cancellationToken);
            }
        }
        finally
        {
            gate.Release();
        }
    }
}
