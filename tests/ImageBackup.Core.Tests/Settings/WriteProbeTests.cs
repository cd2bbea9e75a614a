using ImageBackup.Core.Settings;
using ImageBackup.TestSupport;

namespace ImageBackup.Core.Tests.Settings;

/// <summary>The probe of a directory.</summary>
public sealed class WriteProbeTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public void Probes_of_many_requests_do_not_disturb_each_other()
    {
        var failures = 0;

        Parallel.For(0, 10_000, new ParallelOptions { MaxDegreeOfParallelism = 16 }, _ =>
        {
            if (!WriteProbe.Succeeds(directory.Path))
            {
                Interlocked.Increment(ref failures);
            }
        });

        Assert.Equal(0, failures);
        Assert.Empty(Directory.GetFileSystemEntries(directory.Path));
    }

    [Fact]
    public void A_link_in_the_place_of_the_probe_is_not_followed()
    {
        var target = Path.Combine(directory.Path, "target");
        File.WriteAllText(target, "kept");
        File.CreateSymbolicLink(Path.Combine(directory.Path, ".probe"), target);

        Assert.True(WriteProbe.Succeeds(directory.Path, withData: true));

        Assert.Equal("kept", File.ReadAllText(target));
        Assert.Equal([target], Directory.GetFileSystemEntries(directory.Path));
    }

    [Fact]
    public void A_missing_directory_cannot_be_written() => Assert.False(WriteProbe.Succeeds(Path.Combine(directory.Path, "missing")));
}
