namespace ImageBackup.Benchmarks;

/// <summary>The most bytes that the files of a directory had at one time, looked at every few milliseconds.</summary>
internal sealed class SpaceWatch : IDisposable
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(5);

    private readonly string directory;
    private readonly Timer timer;
    private readonly Lock sync = new();

    public SpaceWatch(string directory)
    {
        this.directory = directory;
        timer = new Timer(_ => Look(), null, TimeSpan.Zero, BetweenLooks);
    }

    /// <summary>The most bytes so far.</summary>
    public long PeakBytes { get; private set; }

    public void Dispose() => timer.Dispose();

    private void Look()
    {
        lock (sync)
        {
            try
            {
                PeakBytes = Math.Max(PeakBytes, new DirectoryInfo(directory).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length));
            }
            catch (IOException)
            {
                // A file was deleted meanwhile. The next look counts the others.
            }
        }
    }
}
