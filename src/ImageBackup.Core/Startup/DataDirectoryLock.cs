using ImageBackup.Core.Errors;
using ImageBackup.Core.Settings;
using ImageBackup.Ova.IO;

namespace ImageBackup.Core.Startup;

/// <summary>
/// Keeps a second process off the data directory. The kernel releases the lock when the process ends, even if it is killed. The lock also holds
/// for symbolic links and other mounts, because they lead to the same file.
/// </summary>
internal sealed class DataDirectoryLock(DataPaths paths) : IDisposable
{
    /// <summary>EAGAIN: another process has locked the file (flock(2)).</summary>
    private const int Locked = 11;

    private FileStream? file;

    private const UnixFileMode OnlyOwner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Creates the data directory if it is missing, closes it and all new files to other users, and locks it until <see cref="Dispose"/>.</summary>
    /// <param name="isShared">True if other processes may use the directory in the same way.</param>
    /// <exception cref="StartException">Another process has locked the directory.</exception>
    public void Take(bool isShared)
    {
        Directory.CreateDirectory(paths.Root);
        NativeFile.KeepNewFilesPrivate();
        if (!OperatingSystem.IsWindows() && File.GetUnixFileMode(paths.Root) != OnlyOwner)
        {
            File.SetUnixFileMode(paths.Root, OnlyOwner);
        }

        TakeAsItIs(isShared);
    }

    /// <summary>Locks a directory that may be another one than the service's until <see cref="Dispose"/>.</summary>
    /// <inheritdoc cref="Take"/>
    public void TakeAsItIs(bool isShared)
    {
        try
        {
            // flock(2) with LOCK_NB: FileShare.None is LOCK_EX, any other value is LOCK_SH.
            file = new FileStream(paths.Lock, FileMode.OpenOrCreate, FileAccess.ReadWrite, isShared ? FileShare.ReadWrite : FileShare.None);
        }
        catch (IOException e) when (e.HResult == Locked)
        {
            throw new StartException($"Another process uses the data directory {paths.Root}. Stop that process, or set {ImageBackupOptions.Section}:{nameof(ImageBackupOptions.DataDirectory)} to another directory.", e);
        }
    }

    public void Dispose() => file?.Dispose();
}
