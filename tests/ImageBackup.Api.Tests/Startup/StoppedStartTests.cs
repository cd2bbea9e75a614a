using ImageBackup.TestSupport;

namespace ImageBackup.Api.Tests.Startup;

/// <summary>A signal during the start ends it normally.</summary>
public sealed class StoppedStartTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();
    private readonly Random random = new();

    private string Data => Path.Combine(directory.Path, "data");

    [Theory]
    [InlineData("TERM", "imagebackup.lock")]
    [InlineData("INT", "imagebackup.lock")]
    [InlineData("TERM", "volumes/*")]
    [InlineData("TERM", "cos/*")]
    public async Task A_signal_during_the_start_ends_it_with_code_0_and_the_next_start_succeeds(string signal, string reached)
    {
        using (var service = ServiceProcess.Launch(Data))
        {
            await Polling.UntilAsync(reached, () => Task.FromResult(Exists(reached)));
            await Task.Delay(random.Next(100));

            var duration = await service.TerminateAsync(signal);

            Assert.True(service.ExitCode == 0, $"{service.ExitCode}: {service.Log}");
            Assert.DoesNotContain("Exception", service.Log, StringComparison.Ordinal);
            Assert.InRange(duration, TimeSpan.Zero, TimeSpan.FromSeconds(15));
        }

        using var next = await ServiceProcess.StartAsync(Data);
        Assert.Contains("demo-aix", await next.Client.GetStringAsync(new Uri("/v2/images", UriKind.Relative)), StringComparison.Ordinal);
    }

    public void Dispose() => directory.Dispose();

    private bool Exists(string pattern)
    {
        var parent = Path.Combine(Data, Path.GetDirectoryName(pattern)!);
        return Directory.Exists(parent) && Directory.GetFileSystemEntries(parent, Path.GetFileName(pattern)).Length > 0;
    }
}
