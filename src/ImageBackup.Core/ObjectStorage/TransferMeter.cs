using ImageBackup.Ova;

namespace ImageBackup.Core.ObjectStorage;

/// <summary>Adds up the progress of parts that are transferred at the same time. Reports the sum to one listener, one call at a time; the reported sum never decreases.</summary>
internal sealed class TransferMeter(OvaProgress listener, long bytesBefore) : IDisposable
{
    private readonly SemaphoreSlim gate = new(1);
    private long sum = bytesBefore;
    private long reported;

    /// <summary>Reports the bytes of an earlier run.</summary>
    public ValueTask StartAsync(CancellationToken cancellationToken)
    {
        reported = sum;
        return listener(reported, cancellationToken);
    }

    /// <summary>Returns the listener of one part. A part that is sent again reports from 0 again.</summary>
    /// <param name="counted">The bytes of the part that the meter has already counted.</param>
    public OvaProgress ForPart(long counted = 0)
    {
        var done = counted;
        return async (bytes, cancellationToken) =>
        {
            var more = bytes - done;
            done = bytes;
            await AddAsync(more, cancellationToken);
        };
    }

    public void Dispose() => gate.Dispose();

    private async ValueTask AddAsync(long bytes, CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            sum += bytes;
            if (sum > reported)
            {
                reported = sum;
                await listener(reported, cancellationToken);
            }
        }
        finally
        {
            gate.Release();
        }
    }
}
