using System.Buffers;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ImageBackup.Ova.IO;

/// <summary>What Linux can do with files beyond .NET: holes, copies inside the kernel, clones, links. Where the system or the file system can't, each does the same by plain reads and writes.</summary>
public static class NativeFile
{
    private const int CopyBuffer = 1 << 20;

    /// <summary>Most bytes asked of the kernel at once: copies stay interruptible between two calls.</summary>
    private const long KernelCopy = 1L << 30;

    /// <summary>First byte at or after <paramref name="offset"/> that may hold data; the file's length where only a hole is left.</summary>
    public static long NextData(SafeFileHandle file, long offset)
    {
        var length = RandomAccess.GetLength(file);
        return offset >= length ? length : Seek(file, offset, Libc.SeekData, withoutHoles: offset, length);
    }

    /// <summary>First byte at or after <paramref name="offset"/> that lies in a hole; the file's length where none follows.</summary>
    public static long NextHole(SafeFileHandle file, long offset)
    {
        var length = RandomAccess.GetLength(file);
        return offset >= length ? length : Seek(file, offset, Libc.SeekHole, withoutHoles: length, length);
    }

    /// <summary>Bytes of the file that are data; holes count nothing.</summary>
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

    /// <summary>Copies bytes from one file to another inside the kernel (shared blocks where the file system has them), else through a buffer.</summary>
    /// <returns>Bytes copied: less than <paramref name="length"/> only where the source ends.</returns>
    /// <exception cref="IOException">A read or a write failed; HResult is the error number.</exception>
    public static long CopyRange(SafeFileHandle source, long sourceOffset, SafeFileHandle target, long targetOffset, long length)
    {
        var copied = 0L;
        while (Libc.IsUsable && copied < length)
        {
            var from = sourceOffset + copied;
            var to = targetOffset + copied;
            var count = Libc.CopyFileRange(source, ref from, target, ref to, (nuint)Math.Min(length - copied, KernelCopy), 0);
            if (count < 0)
            {
                var errno = Marshal.GetLastPInvokeError();
                if (errno == Libc.Eintr)
                {
                    continue;
                }

                if (!IsUnsupported(errno))
                {
                    throw Libc.Failure("copy_file_range", errno);
                }

                break;
            }

            // Zero is the end of the source, or a file system that answers so for files it can't copy; the plain copy tells them apart.
            if (count == 0)
            {
                break;
            }

            copied += count;
        }

        return copied + CopyPlainly(source, sourceOffset + copied, target, targetOffset + copied, length - copied);
    }

    /// <summary>Gives the blocks of a range back to the file system; the range reads as zeros afterwards and the file keeps its length.</summary>
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

    /// <summary>Makes the (empty) target share all of the source's blocks (FICLONE).</summary>
    /// <returns>False where the file system can't; the target is untouched then.</returns>
    public static bool TryReflink(SafeFileHandle source, SafeFileHandle target)
    {
        if (!Libc.IsUsable)
        {
            return false;
        }

        if (Libc.Clone(target, Libc.FileClone, source) == 0)
        {
            return true;
        }

        var errno = Marshal.GetLastPInvokeError();
        return IsUnsupported(errno) || errno == Libc.Enotty ? false : throw Libc.Failure("FICLONE", errno);
    }

    /// <summary>Gives a file a second name; where links can't be had, a copy that keeps the holes.</summary>
    /// <exception cref="IOException">The new name is taken, or the disk refuses; HResult is the error number.</exception>
    public static void HardLink(string existing, string created)
    {
        if (Libc.IsUsable)
        {
            if (Libc.Link(existing, created) == 0)
            {
                return;
            }

            var errno = Marshal.GetLastPInvokeError();
            if (!IsUnsupported(errno) && errno != Libc.Emlink)
            {
                throw Libc.Failure($"link {existing} as {created}", errno);
            }
        }

        CopySparse(existing, created);
    }

    /// <summary>Copies a file's data and leaves its holes holes; a copy that fails does not stay.</summary>
    /// <exception cref="IOException">The new name is taken, or the disk refuses.</exception>
    public static void CopySparse(string existing, string created)
    {
        using var source = File.OpenHandle(existing);
        using var target = File.OpenHandle(created, FileMode.CreateNew, FileAccess.Write);
        try
        {
            CopyData(source, target);
        }
        catch
        {
            File.Delete(created);
            throw;
        }
    }

    /// <summary>
    /// Lets the disk begin with a range that was written, so that the flush at the end finds little left to wait for. A hint: it makes nothing durable, and
    /// where it can't be given the flush does all of it (and tells of errors).
    /// </summary>
    public static void StartWriteback(SafeFileHandle file, long offset, long length)
    {
        if (Libc.IsUsable && length > 0)
        {
            _ = Libc.SyncFileRange(file, offset, length, Libc.StartWriteback);
        }
    }

    /// <summary>Makes the names in a directory durable: without it a renamed file may be gone after a power failure.</summary>
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

    private static void CopyData(SafeFileHandle source, SafeFileHandle target)
    {
        if (TryReflink(source, target))
        {
            return;
        }

        var length = RandomAccess.GetLength(source);
        RandomAccess.SetLength(target, length);
        for (var data = NextData(source, 0); data < length;)
        {
            var hole = NextHole(source, data);
            CopyRange(source, data, target, data, hole - data);
            data = NextData(source, hole);
        }
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

    private static bool IsUnsupported(int errno) =>
        errno is Libc.Einval or Libc.Enosys or Libc.Eopnotsupp or Libc.Exdev or Libc.Eperm or Libc.Etxtbsy;

    private static long CopyPlainly(SafeFileHandle source, long sourceOffset, SafeFileHandle target, long targetOffset, long length)
    {
        if (length <= 0)
        {
            return 0;
        }

        var buffer = ArrayPool<byte>.Shared.Rent(CopyBuffer);
        try
        {
            var copied = 0L;
            while (copied < length)
            {
                var read = RandomAccess.Read(source, buffer.AsSpan(0, (int)Math.Min(buffer.Length, length - copied)), sourceOffset + copied);
                if (read == 0)
                {
                    break;
                }

                RandomAccess.Write(target, buffer.AsSpan(0, read), targetOffset + copied);
                copied += read;
            }

            return copied;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static void WriteZeros(SafeFileHandle file, long offset, long length)
    {
        var zeros = new byte[(int)Math.Min(CopyBuffer, length)];
        for (var done = 0L; done < length;)
        {
            var count = (int)Math.Min(zeros.Length, length - done);
            RandomAccess.Write(file, zeros.AsSpan(0, count), offset + done);
            done += count;
        }
    }
}
