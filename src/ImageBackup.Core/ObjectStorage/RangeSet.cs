using System.Diagnostics.CodeAnalysis;

namespace ImageBackup.Core.ObjectStorage;

/// <summary>The ranges of one object: which are on the disk, and a wait for each of the others.</summary>
internal sealed class RangeSet
{
    private readonly long length;
    private readonly long partSize;
    private readonly byte[] done;
    private readonly TaskCompletionSource[] ready;

    public RangeSet(string etag, long length, long partSize, byte[]? bits = null)
    {
        ETag = etag;
        this.length = length;
        this.partSize = partSize;
        Count = PartSizes.Count(length, partSize);
        done = bits ?? new byte[(Count + 7) / 8];
        ready = [.. Enumerable.Range(1, Count).Select(_ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously))];
        foreach (var number in Enumerable.Range(1, Count).Where(IsDone))
        {
            ready[number - 1].SetResult();
            BytesDone += Range(number).Length;
        }
    }

    public string ETag { get; }

    public int Count { get; }

    /// <summary>The bytes that were on the disk at the beginning.</summary>
    public long BytesDone { get; }

    /// <summary>Reads the state that an earlier run saved. Returns false when the state does not fit the number of ranges.</summary>
    public static bool TryRead(DownloadResume resume, [NotNullWhen(true)] out RangeSet? ranges)
    {
        var bits = new byte[(PartSizes.Count(resume.Length, resume.PartSize) + 7) / 8];
        var isWhole = Convert.TryFromBase64String(resume.Done, bits, out var written) && written == bits.Length;
        ranges = isWhole ? new RangeSet(resume.ETag, resume.Length, resume.PartSize, bits) : null;
        return isWhole;
    }

    public DownloadResume ToResume()
    {
        lock (done)
        {
            return new DownloadResume(ETag, length, partSize, Convert.ToBase64String(done));
        }
    }

    public List<int> Missing() => [.. Enumerable.Range(1, Count).Where(number => !IsDone(number))];

    public FileRange Range(int number) => PartSizes.Range(number, length, partSize);

    /// <summary>Completes when range <paramref name="number"/> is written.</summary>
    public Task WaitAsync(int number, CancellationToken cancellationToken) => ready[number - 1].Task.WaitAsync(cancellationToken);

    public void SetDone(int number)
    {
        lock (done)
        {
            done[(number - 1) / 8] |= (byte)(1 << ((number - 1) % 8));
        }

        ready[number - 1].SetResult();
    }

    private bool IsDone(int number) => (done[(number - 1) / 8] & (1 << ((number - 1) % 8))) != 0;
}
