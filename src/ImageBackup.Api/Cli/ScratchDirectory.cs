namespace ImageBackup.Api.Cli;

/// <summary>A temporary directory, deleted when the command ends.</summary>
internal sealed class ScratchDirectory : IDisposable
{
    public ScratchDirectory(string parent)
    {
        Path = System.IO.Path.Combine(parent, $".imagebackup-{Guid.NewGuid():N}");
        Directory.CreateDirectory(Path);
    }

    public string Path { get; }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
