using ImageBackup.Ova;

namespace ImageBackup.Core.Tests.ObjectStorage;

/// <summary>A listener that records what is reported, and throws or cancels at a given number of bytes.</summary>
internal sealed class RecordedProgress : IDisposable
{
    private readonly CancellationTokenSource cancel = new();
    private readonly List<long> reports = [];

    public long ThrowAt { get; init; } = long.MaxValue;

    public long CancelAt { get; init; } = long.MaxValue;

    public CancellationToken Token => cancel.Token;

    public long First => reports[0];

    public OvaProgress ReportAsync => async (bytesDone, cancellationToken) =>
    {
        reports.Add(bytesDone);
        if (bytesDone >= ThrowAt)
        {
            throw new EmulatedException();
        }

        if (bytesDone >= CancelAt)
        {
            await cancel.CancelAsync();
        }
    };

    public void Dispose() => cancel.Dispose();

    public void AssertComplete(long length)
    {
        Assert.Equal(length, reports[^1]);
        Assert.Equal(reports.Order(), reports);
    }
}

internal sealed class EmulatedException : Exception;
