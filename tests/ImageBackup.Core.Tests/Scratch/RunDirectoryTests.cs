using ImageBackup.Core.Persistence;
using ImageBackup.Core.Scratch;
using ImageBackup.TestSupport;

namespace ImageBackup.Core.Tests.Scratch;

/// <summary>The directories of runs, where others can write beside them: a link never leads the service to other files.</summary>
public sealed class RunDirectoryTests : IDisposable
{
    private const string Book = "6f09caf1-0468-4101-9c4d-34d0b0690fab";

    private readonly TemporaryDirectory scratch = new();

    private string Root => Directory.CreateDirectory(Path.Combine(scratch.Path, "node")).FullName;

    private string Treasure => Path.Combine(scratch.Path, "data", "1", "treasure");

    private string BookDirectory => Path.Combine(Root, $".run-{Book}");

    public RunDirectoryTests()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Treasure)!);
        File.WriteAllText(Treasure, "gold");
    }

    [Theory]
    [InlineData(".run-x")]
    [InlineData($".run-{Book}")]
    public void The_cleanup_follows_no_link(string name)
    {
        Directory.CreateSymbolicLink(Path.Combine(Root, name), Path.Combine(scratch.Path, "data"));

        Assert.Empty(RunDirectories.BooksOf(Root));
        RunDirectories.Remove(Root, name[".run-".Length..]);

        Assert.True(File.Exists(Treasure));
    }

    [Fact]
    public void The_cleanup_removes_runs_and_nothing_else()
    {
        Directory.CreateDirectory(Path.Combine(BookDirectory, "3"));
        Directory.CreateDirectory(Path.Combine(BookDirectory, $"4-{Guid.NewGuid():N}"));
        Directory.CreateDirectory(Path.Combine(BookDirectory, "keys"));
        Directory.CreateSymbolicLink(Path.Combine(BookDirectory, "5"), Path.GetDirectoryName(Treasure)!);

        Assert.Equal([Book], RunDirectories.BooksOf(Root));
        RunDirectories.Remove(Root, Book);

        Assert.Equal(["5", "keys"], Directory.GetFileSystemEntries(BookDirectory).Select(Path.GetFileName).Order());
        Assert.True(File.Exists(Treasure));
    }

    [Fact]
    public async Task A_run_takes_no_files_from_behind_links()
    {
        var earlier = Directory.CreateDirectory(Path.Combine(BookDirectory, "1")).FullName;
        File.WriteAllText(Path.Combine(earlier, "own"), "mine");
        Directory.CreateSymbolicLink(Path.Combine(earlier, "directory"), Path.GetDirectoryName(Treasure)!);
        File.CreateSymbolicLink(Path.Combine(earlier, "file"), Treasure);

        using var fence = Fence(2);
        var directory = await RunDirectory.OpenAsync(Root, TestContext.Current.CancellationToken);

        Assert.Equal("mine", File.ReadAllText(directory.PathOf("own")));
        Assert.Equal(["lock", "own"], Directory.GetFileSystemEntries(Path.Combine(BookDirectory, "2")).Select(Path.GetFileName).Order());
        Assert.False(Directory.Exists(earlier));
        Assert.Equal("gold", File.ReadAllText(Treasure));
    }

    [Fact]
    public async Task A_run_refuses_a_link_in_place_of_its_directory()
    {
        Directory.CreateSymbolicLink(BookDirectory, Path.Combine(scratch.Path, "data"));
        using var fence = Fence(2);

        var refusal = await Assert.ThrowsAsync<IOException>(() => RunDirectory.OpenAsync(Root, TestContext.Current.CancellationToken));

        Assert.Equal($".run-{Book} is a link; a directory is expected. Remove it.", refusal.Message);
        Assert.Equal(["1"], Directory.GetFileSystemEntries(Path.Combine(scratch.Path, "data")).Select(Path.GetFileName));
    }

    [Fact]
    public async Task A_half_copy_never_replaces_a_complete_file()
    {
        // What a run leaves that was killed while it copied the file of a run that may still write.
        var earlier = Directory.CreateDirectory(Path.Combine(BookDirectory, "1")).FullName;
        File.WriteAllText(Path.Combine(earlier, "archive.shared"), "complete");
        File.WriteAllText(Path.Combine(earlier, "archive.copy"), "comp");

        using var fence = Fence(2);
        var directory = await RunDirectory.OpenAsync(Root, TestContext.Current.CancellationToken);

        Assert.Equal("complete", File.ReadAllText(directory.Continue("archive", Path.Combine(Root, "archive"))));
        Assert.Equal(["archive", "lock"], Directory.GetFileSystemEntries(Path.Combine(BookDirectory, "2")).Select(Path.GetFileName).Order());
    }

    public void Dispose() => scratch.Dispose();

    private LogBookFence Fence(long number) => new(
        new LogBookRecord { Id = Book, BackupId = 1, ProjectId = "p", Action = "export", QueueState = QueueState.Running, State = "{}", CreatedAt = DateTime.UtcNow, Fence = number },
        (_, _) => Task.FromResult(true),
        [Root],
        CancellationToken.None,
        CancellationToken.None);
}
