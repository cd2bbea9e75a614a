namespace ImageBackup.Api.Cli;

/// <summary>A temporary directory, deleted when the command ends. Only its user can read the disks in it.</summary>
internal sealed class ScratchDirectory : IDisposable
{
    public ScratchDirectory(string parent)
    {
        Path = System.IO.Path.Combine(parent, $".imagebackup-{Guid.NewGuid():N}");
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(Path);
        }
        else
        {
            Directory.CreateDirectory(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    public string Path { get; }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
