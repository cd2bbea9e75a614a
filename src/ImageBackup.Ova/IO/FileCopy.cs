using System.Buffers;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ImageBackup.Ova.IO;

/// <summary>
/// Copies of files by Linux: inside the kernel, by shared blocks, as links. If the system or the file system does not support one, it is done by plain reads
/// and writes.
/// </summary>
public static class FileCopy
{
    private const int CopyBuffer = 1 << 20;

    /// <summary>Most bytes of one kernel call, so that a copy can be interrupted.</summary>
    private const long KernelCopy = 1L << 30;

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

                if (!NativeFile.IsUnsupported(errno))
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
        return NativeFile.IsUnsupported(errno) || errno == Libc.Enotty ? false : throw Libc.Failure("FICLONE", errno);
    }

    /// <summary>Makes the end of a file share all blocks of another file (FICLONERANGE).</summary>
    /// <param name="offset">The end of the target. File systems accept whole blocks only, which usually have 4096 bytes.</param>
    /// <returns>False if the file system does not support it. The target is unchanged then.</returns>
    /// <exception cref="IOException">The disk refuses. HResult is the error number.</exception>
    public static bool TryReflinkTo(SafeFileHandle source, SafeFileHandle target, long offset)
    {
        if (!Libc.IsUsable)
        {
            return false;
        }

        var range = new Libc.ClonedRange { Source = source.DangerousGetHandle(), TargetOffset = (ulong)offset };
        if (Libc.CloneRange(target, Libc.FileCloneRange, ref range) == 0)
        {
            return true;
        }

        var errno = Marshal.GetLastPInvokeError();
        return NativeFile.IsUnsupported(errno) || errno == Libc.Enotty ? false : throw Libc.Failure("FICLONERANGE", errno);
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
            if (!NativeFile.IsUnsupported(errno) && errno != Libc.Emlink)
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

    private static void CopyData(SafeFileHandle source, SafeFileHandle target)
    {
        if (TryReflink(source, target))
        {
            return;
        }

        var length = RandomAccess.GetLength(source);
        RandomAccess.SetLength(target, length);
        for (var data = NativeFile.NextData(source, 0); data < length;)
        {
            var hole = NativeFile.NextHole(source, data);
            CopyRange(source, data, target, data, hole - data);
            data = NativeFile.NextData(source, hole);
        }
    }

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
}
