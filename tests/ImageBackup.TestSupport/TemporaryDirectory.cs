namespace ImageBackup.TestSupport;

/// <summary>A temporary directory, deleted on disposal.</summary>
public sealed class TemporaryDirectory : IDisposable
{
    /// <summary>The directory's path; it exists.</summary>
    public string Path { get; } = Directory.CreateTempSubdirectory("imagebackup-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
