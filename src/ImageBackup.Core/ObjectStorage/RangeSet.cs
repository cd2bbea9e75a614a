using System.Diagnostics.CodeAnalysis;

namespace ImageBackup.Core.ObjectStorage;

/// <summary>The ranges of one object: which bytes are on the disk, and a wait for each of the others.</summary>
internal sealed class RangeSet
{
    private readonly long length;
    private readonly long partSize;
    private readonly byte[] done;
    private readonly Dictionary<int, long> begun;
    private readonly TaskCompletionSource[] ready;

    public RangeSet(string etag, long length, long partSize, byte[]? bits = null, IReadOnlyDictionary<int, long>? bytes = null)
    {
        ETag = etag;
        this.length = length;
        this.partSize = partSize;
        Count = PartSizes.Count(length, partSize);
        done = bits ?? new byte[(Count + 7) / 8];
        begun = new Dictionary<int, long>(bytes ?? new Dictionary<int, long>());
        ready = [.. Enumerable.Range(1, Count).Select(_ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously))];
        foreach (var number in Enumerable.Range(1, Count).Where(IsDone))
        {
            ready[number - 1].SetResult();
            begun[number] = Range(number).Length;
        }

        BytesDone = begun.Values.Sum();
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
        ranges = isWhole ? new RangeSet(resume.ETag, resume.Length, resume.PartSize, bits, resume.Begun) : null;
        return isWhole;
    }

    public DownloadResume ToResume()
    {
        lock (done)
        {
            var unfinished = begun.Where(range => !IsDone(range.Key)).ToDictionary(range => range.Key, range => range.Value);
            return new DownloadResume(ETag, length, partSize, Convert.ToBase64String(done), unfinished);
        }
    }

    public List<int> Missing() => [.. Enumerable.Range(1, Count).Where(number => !IsDone(number))];

    public FileRange Range(int number) => PartSizes.Range(number, length, partSize);

    /// <summary>Returns the bytes of a range that are not on the disk yet.</summary>
    public FileRange Rest(int number)
    {
        lock (done)
        {
            var (range, bytes) = (Range(number), begun.GetValueOrDefault(number));
            return new FileRange(range.Offset + bytes, range.Length - bytes);
        }
    }

    /// <summary>Notes that the first bytes of the rest of a range are written.</summary>
    public void SetBegun(int number, FileRange rest, long bytes)
    {
        lock (done)
        {
            // A repeated request begins again and writes the same bytes.
            begun[number] = Math.Max(begun.GetValueOrDefault(number), rest.Offset - Range(number).Offset + bytes);
        }
    }

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
