namespace ImageBackup.TestSupport;

/// <summary>A directory that goes with the test.</summary>
public sealed class TemporaryDirectory : IDisposable
{
    /// <summary>The directory's path; it exists.</summary>
    public string Path { get; } = Directory.CreateTempSubdirectory("imagebackup-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
