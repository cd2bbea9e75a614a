using ImageBackup.Ova.Blocks;
using ImageBackup.Ova.IO;
using Microsoft.Win32.SafeHandles;

namespace ImageBackup.Ova.Archive;

/// <summary>Copies files into an archive. Holes stay holes.</summary>
internal static class MemberCopy
{
    /// <summary>Bytes that are copied before the cancellation is looked at.</summary>
    private const long Window = 64L << 20;

    /// <summary>Copies a whole file to the end of another.</summary>
    /// <exception cref="InvalidOvaException">The file has another size.</exception>
    public static void Copy(string path, long size, PackTarget target, CancellationToken cancellationToken)
    {
        using var source = File.OpenHandle(path);
        if (RandomAccess.GetLength(source) is var found && found != size)
        {
            throw new InvalidOvaException($"The file {MemberName.Quote(Path.GetFileName(path))} has {found} bytes; its member says {size}.");
        }

        RandomAccess.SetLength(target.File, target.Offset + size);
        for (var done = 0L; done < size; done += Window)
        {
            cancellationToken.ThrowIfCancellationRequested();
            CopyData(source, done, target.File, target.Offset + done, Math.Min(Window, size - done));
        }
    }

    /// <summary>Copies the data of a range to a range of holes.</summary>
    /// <exception cref="InvalidOvaException">The source ends within the range.</exception>
    public static void CopyData(SafeFileHandle source, long offset, SafeFileHandle target, long targetOffset, long length)
    {
        var end = offset + length;
        for (var data = NativeFile.NextData(source, offset); data < end;)
        {
            var count = Math.Min(NativeFile.NextHole(source, data), end) - data;
            if (count <= 0 || FileCopy.CopyRange(source, data, target, targetOffset + data - offset, count) != count)
            {
                throw new InvalidOvaException($"A member's file became shorter than {end} bytes while it was copied.");
            }

            NativeFile.StartWriteback(target, targetOffset + data - offset, count);
            data = NativeFile.NextData(source, data + count);
        }
    }
}
