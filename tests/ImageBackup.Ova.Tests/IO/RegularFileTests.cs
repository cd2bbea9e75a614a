using System.Net.Sockets;
using ImageBackup.Ova.IO;
using ImageBackup.TestSupport;

namespace ImageBackup.Ova.Tests.IO;

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
    public void A_missing_file_is_reported_as_missing()
        => Assert.Throws<FileNotFoundException>(() => RegularFile.Open(Path.Combine(directory.Path, "missing")));
}
