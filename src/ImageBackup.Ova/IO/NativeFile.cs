using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ImageBackup.Ova.IO;

/// <summary>
/// File operations of Linux that .NET does not offer: holes, early writeback, durable names. If the system or the file system does not support one, it is
/// done by plain reads and writes, or left out.
/// </summary>
public static class NativeFile
{
    private const int ZeroBuffer = 1 << 20;

    /// <summary>Returns the offset of the first byte at or after <paramref name="offset"/> that may be data; the file's length if only a hole follows.</summary>
    public static long NextData(SafeFileHandle file, long offset)
    {
        var length = RandomAccess.GetLength(file);
        return offset >= length ? length : Seek(file, offset, Libc.SeekData, withoutHoles: offset, length);
    }

    /// <summary>Returns the offset of the first byte at or after <paramref name="offset"/> that is in a hole; the file's length if no hole follows.</summary>
    public static long NextHole(SafeFileHandle file, long offset)
    {
        var length = RandomAccess.GetLength(file);
        return offset >= length ? length : Seek(file, offset, Libc.SeekHole, withoutHoles: length, length);
    }

    /// <summary>Returns the number of bytes of a file that are not in holes.</summary>
    public static long DataBytes(SafeFileHandle file)
    {
        var length = RandomAccess.GetLength(file);
        var bytes = 0L;
        for (var data = NextData(file, 0); data < length;)
        {
            var hole = NextHole(file, data);
            bytes += hole - data;
            data = NextData(file, hole);
        }

        return bytes;
    }

    /// <summary>Makes a range of a file a hole: it reads as zeros, and the file keeps its length.</summary>
    /// <exception cref="IOException">The disk refuses. HResult is the error number.</exception>
    public static void PunchHole(SafeFileHandle file, long offset, long length)
    {
        length = Math.Min(length, RandomAccess.GetLength(file) - offset);
        if (length <= 0)
        {
            return;
        }

        if (Libc.IsUsable)
        {
            int result;
            do
            {
                result = Libc.Allocate(file, Libc.PunchHoleKeepSize, offset, length);
            }
            while (result < 0 && Marshal.GetLastPInvokeError() == Libc.Eintr);

            if (result == 0)
            {
                return;
            }

            var errno = Marshal.GetLastPInvokeError();
            if (!IsUnsupported(errno))
            {
                throw Libc.Failure("fallocate", errno);
            }
        }

        WriteZeros(file, offset, length);
    }

    /// <summary>Returns what identifies a file while it exists, whatever its path; null if the path leads to no file.</summary>
    public static (ulong Device, ulong File)? IdOf(string path)
    {
        if (!Libc.IsUsable)
        {
            return File.Exists(path) ? (0, 0) : null;
        }

        var status = default(Libc.Status);
        return Libc.ReadStatus(Libc.CurrentDirectory, path, flags: 0, Libc.InodeOnly, ref status) == 0
            ? ((ulong)status.DeviceMajor << 32 | status.DeviceMinor, status.Inode)
            : null;
    }

    /// <summary>Returns whether a path is the only name of an open file: it leads to no other file, and no other path leads to this one.</summary>
    /// <exception cref="IOException">The file system cannot tell.</exception>
    public static bool IsOnlyName(string path, SafeFileHandle file)
    {
        if (!Libc.IsUsable)
        {
            return true;
        }

        var (opened, named) = (default(Libc.Status), default(Libc.Status));
        return Libc.ReadStatus((int)file.DangerousGetHandle(), "", Libc.EmptyPath, Libc.LinksAndInode, ref opened) != 0
            ? throw Libc.Failure($"statx {Path.GetFileName(path)}", Marshal.GetLastPInvokeError())
            : Libc.ReadStatus(Libc.CurrentDirectory, path, Libc.NoFollow, Libc.LinksAndInode, ref named) == 0
                && opened.Links == 1
                && (opened.Inode, opened.DeviceMajor, opened.DeviceMinor) == (named.Inode, named.DeviceMajor, named.DeviceMinor);
    }

    /// <summary>Makes all files and directories that this process creates from now on accessible to its user only: 0600 and 0700.</summary>
    public static void KeepNewFilesPrivate()
    {
        if (Libc.IsUsable)
        {
            _ = Libc.Umask(Convert.ToUInt32("077", 8));
        }
    }

    /// <summary>
    /// Asks the system to start writing a range to disk, so that a later flush is short. This is a hint: it makes nothing durable and reports no error.
    /// </summary>
    public static void StartWriteback(SafeFileHandle file, long offset, long length)
    {
        if (Libc.IsUsable && length > 0)
        {
            _ = Libc.SyncFileRange(file, offset, length, Libc.StartWriteback);
        }
    }

    /// <summary>Waits until a range is written to disk, and drops it from the page cache. This makes nothing durable.</summary>
    /// <exception cref="IOException">The disk did not take the range. Only this call learns of it; a later flush of the same handle succeeds.</exception>
    internal static void WriteOut(SafeFileHandle file, long offset, long length)
    {
        if (Libc.IsUsable)
        {
            if (Libc.SyncFileRange(file, offset, length, Libc.FinishWriteback) != 0 && Marshal.GetLastPInvokeError() is var error and not (Libc.Einval or Libc.Enosys or Libc.Eopnotsupp or Libc.Eintr))
            {
                throw Libc.Failure("sync_file_range", error);
            }

            _ = Libc.Advise(file, offset, length, Libc.NotNeeded);
        }
    }

    /// <summary>Drops the pages of a flushed file from the page cache, so that the next read comes from the disk. This is a hint.</summary>
    public static void DropCache(SafeFileHandle file)
    {
        if (Libc.IsUsable)
        {
            _ = Libc.Advise(file, 0, 0, Libc.NotNeeded);
        }
    }

    /// <summary>Makes the names in a directory durable, so that a renamed file survives a power failure.</summary>
    /// <exception cref="IOException">The disk refuses. HResult is the error number.</exception>
    public static void SyncDirectory(string path)
    {
        if (!Libc.IsUsable)
        {
            return;
        }

        var directory = Libc.Open(path, Libc.ReadOnlyCloseOnExec);
        if (directory < 0)
        {
            throw Libc.Failure($"open {path}", Marshal.GetLastPInvokeError());
        }

        try
        {
            if (Libc.Sync(directory) < 0 && Marshal.GetLastPInvokeError() is var errno && !IsUnsupported(errno))
            {
                throw Libc.Failure($"fsync {path}", errno);
            }
        }
        finally
        {
            _ = Libc.Close(directory);
        }
    }

    /// <summary>Opens an open file a second time, to read and write past the page cache. Returns null if that is not possible with this alignment.</summary>
    internal static SafeFileHandle? ReopenDirect(SafeFileHandle file, FileAccess access, int alignment)
    {
        if (!Libc.IsUsable)
        {
            return null;
        }

        var mode = access switch { FileAccess.Read => 0, FileAccess.Write => Libc.WriteOnly, _ => Libc.ReadWrite };
        var opened = Libc.Open($"/proc/self/fd/{file.DangerousGetHandle()}", Libc.CloseOnExec | Libc.Direct | mode);
        if (opened < 0)
        {
            return null;
        }

        var direct = new SafeFileHandle(opened, ownsHandle: true);
        if (AcceptsDirect(opened, alignment))
        {
            return direct;
        }

        direct.Dispose();
        return null;
    }

    /// <summary>Returns false if the system says that it needs another alignment. Linux says it since 6.1, and some file systems do not.</summary>
    private static bool AcceptsDirect(int file, int alignment)
    {
        var status = default(Libc.Status);
        return Libc.ReadStatus(file, "", Libc.EmptyPath, Libc.DirectAlignment, ref status) != 0
            || (status.Mask & Libc.DirectAlignment) == 0
            || (Fits(status.DirectMemoryAlignment) && Fits(status.DirectOffsetAlignment));

        bool Fits(uint needed) => needed > 0 && alignment % needed == 0;
    }

    private static long Seek(SafeFileHandle file, long offset, int whence, long withoutHoles, long length)
    {
        if (!Libc.IsUsable)
        {
            return withoutHoles;
        }

        var found = Libc.Seek(file, offset, whence);
        return found >= 0
            ? Math.Min(found, length)
            : Marshal.GetLastPInvokeError() switch
            {
                Libc.Enxio => length,
                var errno when IsUnsupported(errno) => withoutHoles,
                var errno => throw Libc.Failure("lseek", errno),
            };
    }

    /// <summary>Whether an error number says that the system or the file system does not offer a call.</summary>
    internal static bool IsUnsupported(int errno) =>
        errno is Libc.Einval or Libc.Enosys or Libc.Eopnotsupp or Libc.Exdev or Libc.Eperm or Libc.Etxtbsy;

    private static void WriteZeros(SafeFileHandle file, long offset, long length)
    {
        var zeros = new byte[(int)Math.Min(ZeroBuffer, length)];
        for (var done = 0L; done < length;)
        {
            var count = (int)Math.Min(zeros.Length, length - done);
            RandomAccess.Write(file, zeros.AsSpan(0, count), offset + done);
            done += count;
        }
    }
}
