using System.Net.Sockets;
using ImageBackup.TestSupport;

namespace ImageBackup.Disks.Tests;

public sealed class RegularFileTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public void A_regular_file_and_a_link_to_one_are_read()
    {
        var path = Path.Combine(directory.Path, "disk");
        var link = Path.Combine(directory.Path, "link");
        File.WriteAllText(path, "content");
        File.CreateSymbolicLink(link, path);

        foreach (var name in (string[])[path, link])
        {
            using var file = RegularFile.Open(name);
            Assert.Equal(7, RandomAccess.GetLength(file));
            Assert.True(RegularFile.Is(name));
        }
    }

    [Fact]
    public void A_pipe_a_socket_a_device_and_a_directory_are_refused_without_waiting()
    {
        var pipe = Path.Combine(directory.Path, "pipe");
        Tool.Run("mkfifo", pipe);
        var address = Path.Combine(directory.Path, "socket");
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(address));

        foreach (var path in (string[])[pipe, address, "/dev/null", directory.Path])
        {
            Assert.Equal($"{Path.GetFileName(path)} is not a regular file.", Assert.Throws<IOException>(() => RegularFile.Open(path)).Message);
            Assert.False(RegularFile.Is(path));
        }
    }

    [Fact]
    public void A_link_is_not_opened_itself_but_a_file_is_for_writing_too()
    {
        var path = Path.Combine(directory.Path, "disk");
        var link = Path.Combine(directory.Path, "link");
        File.WriteAllText(path, "content");
        File.CreateSymbolicLink(link, path);

        foreach (var access in (FileAccess[])[FileAccess.Read, FileAccess.ReadWrite])
        {
            Assert.Equal("link is not a regular file.", Assert.Throws<IOException>(() => RegularFile.OpenItself(link, access)).Message);
        }

        using var file = RegularFile.OpenItself(path, FileAccess.ReadWrite);
        RandomAccess.Write(file, "C"u8, 0);
        Assert.Equal("Content", File.ReadAllText(path));
    }

    [Fact]
    public async Task A_source_of_a_pipe_is_refused_without_waiting()
    {
        var pipe = Path.Combine(directory.Path, "pipe");
        Tool.Run("mkfifo", pipe);

        await Assert.ThrowsAsync<IOException>(() => Task.Run(() => new FileSource(pipe, 0, 0).Dispose()).WaitAsync(TimeSpan.FromSeconds(20)));
    }

    [Fact]
    public void A_missing_file_is_reported_as_missing()
        => Assert.Throws<FileNotFoundException>(() => RegularFile.Open(Path.Combine(directory.Path, "missing")));
}
