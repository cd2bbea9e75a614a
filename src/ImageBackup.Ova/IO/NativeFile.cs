using System.Buffers;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ImageBackup.Ova.IO;

/// <summary>
/// File operations of Linux that .NET does not offer: holes, copies inside the kernel, clones and links. If the system or the file system does not support
/// one, it is done by plain reads and writes.
/// </summary>
public static class NativeFile
{
    private const int CopyBuffer = 1 << 20;

    /// <summary>Most bytes of one kernel call, so that a copy can be interrupted.</summary>
    private const long KernelCopy = 1L << 30;

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

    /// <summary>Copies bytes from one file to another: inside the kernel if possible, which may share blocks, else through a buffer.</summary>
    /// <returns>Bytes copied: less than <paramref name="length"/> only if the source ends.</returns>
    /// <exception cref="IOException">A read or a write failed. HResult is the error number.</exception>
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

            // Zero means the end of the source, or a file system that cannot copy this file. The plain copy handles both.
            if (count == 0)
            {
                break;
            }

            copied += count;
        }

        return copied + CopyPlainly(source, sourceOffset + copied, target, targetOffset + copied, length - copied);
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

    /// <summary>Makes an empty file share all blocks of another file (FICLONE).</summary>
    /// <returns>False if the file system does not support it. The target is unchanged then.</returns>
    /// <exception cref="IOException">The disk refuses. HResult is the error number.</exception>
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

    /// <summary>Gives a file a second name. Without support for links, makes a copy with the same holes.</summary>
    /// <exception cref="IOException">The new name exists, or the disk refuses. HResult is the error number.</exception>
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

    /// <summary>Copies a file with its holes. A failed copy is deleted.</summary>
    /// <exception cref="IOException">The new name exists, or the disk refuses.</exception>
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
    /// Asks the system to start writing a range to disk, so that a later flush is short. This is a hint: it makes nothing durable and reports no error.
    /// </summary>
    public static void StartWriteback(SafeFileHandle file, long offset, long length)
    {
        if (Libc.IsUsable && length > 0)
        {
            _ = Libc.SyncFileRange(file, offset, length, Libc.StartWriteback);
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
