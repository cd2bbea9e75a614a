namespace ImageBackup.Disks.Tests.Support;

/// <summary>A directory of one test.</summary>
internal sealed class Scratch : IDisposable
{
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("imagebackup-disks-");

    public string this[string name] => Path.Combine(directory.FullName, name);

    public IEnumerable<string> Names => directory.EnumerateFileSystemInfos().Select(entry => entry.Name);

    public string Write(string name, ReadOnlySpan<byte> bytes)
    {
        File.WriteAllBytes(this[name], bytes);
        return this[name];
    }

    public void Dispose() => directory.Delete(recursive: true);
}
