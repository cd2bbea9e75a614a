using ImageBackup.TestSupport;

namespace ImageBackup.Api.Tests.Startup;

/// <summary>One process at a time uses a data directory.</summary>
public sealed class SecondProcessTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    private string Data => Path.Combine(directory.Path, "data");

    [Fact]
    public async Task A_second_process_is_refused_and_changes_nothing()
    {
        using var first = await ServiceProcess.StartAsync(Data);
        var partial = Path.Combine(Data, "volumes", "volume-1.partial");
        await File.WriteAllTextAsync(partial, "belongs to the first process");

        var second = await StartAsync(Data);

        AssertRefused(second, Data);
        Assert.True(File.Exists(partial));
        Assert.False(first.HasExited);
    }

    [Fact]
    public async Task A_second_process_is_refused_through_a_symbolic_link()
    {
        using var first = await ServiceProcess.StartAsync(Data);
        var link = Path.Combine(directory.Path, "link");
        Directory.CreateSymbolicLink(link, Data);

        var second = await StartAsync(link);

        AssertRefused(second, link);
    }

    [Fact]
    public async Task A_second_process_is_refused_through_a_second_mount()
    {
        Requires.Root();
        using var first = await ServiceProcess.StartAsync(Data);
        var mount = Directory.CreateDirectory(Path.Combine(directory.Path, "mount")).FullName;
        Tool.Run("mount", "--bind", Data, mount);
        try
        {
            AssertRefused(await StartAsync(mount), mount);
        }
        finally
        {
            Tool.Run("umount", "-l", mount);
        }
    }

    [Fact]
    public async Task The_directory_is_free_as_soon_as_its_process_is_killed()
    {
        using var first = await ServiceProcess.StartAsync(Data);
        await first.KillAsync();

        using var second = await ServiceProcess.StartAsync(Data);

        Assert.False(second.HasExited);
    }

    public void Dispose() => directory.Dispose();

    private static Task<ProgramRun> StartAsync(string data)
        => ProgramRun.CommandAsync(["--urls", "http://127.0.0.1:0", "--ImageBackup:DataDirectory", data]);

    private static void AssertRefused(ProgramRun run, string data)
    {
        Assert.Equal(2, run.ExitCode);
        Assert.Equal($"Another process uses the data directory {data}. Stop that process, or set ImageBackup:DataDirectory to another directory.", run.Errors.TrimEnd());
    }
}
