using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ImageBackup.Ova.IO;

/// <summary>
/// Opens files whose names come from outside. A named pipe would block the program until somebody writes to it, and reading a device or a socket
/// can have side effects: they are refused without waiting.
/// </summary>
public static class RegularFile
{
    private const int TypeBits = 0xF000; // S_IFMT
    private const int RegularType = 0x8000; // S_IFREG

    /// <summary>Opens a file for reading. Symbolic links are followed.</summary>
    /// <exception cref="IOException">The path leads to a pipe, a device, a socket or a directory, or the file cannot be opened.</exception>
    public static SafeFileHandle Open(string path, FileShare share = FileShare.Read, FileOptions options = FileOptions.None)
    {
        if (!Libc.IsUsable)
        {
            return File.OpenHandle(path, share: share, options: options);
        }

        var probe = Libc.Open(path, Libc.ReadOnlyCloseOnExec | Libc.NonBlocking);
        if (probe < 0)
        {
            // .NET finds the exception for the error. A socket cannot be opened (ENXIO).
            return Marshal.GetLastPInvokeError() == Libc.Enxio ? throw Refusal(path) : File.OpenHandle(path, share: share, options: options);
        }

        try
        {
            // Through the open file, so that nobody can exchange the path in between.
            return IsRegular(probe, "") ? File.OpenHandle($"/proc/self/fd/{probe}", share: share, options: options) : throw Refusal(path);
        }
        finally
        {
            _ = Libc.Close(probe);
        }
    }

    /// <summary>Returns true if a path leads to a regular file, without opening it.</summary>
    public static bool Is(string path) => !Libc.IsUsable || IsRegular(Libc.CurrentDirectory, path);

    private static bool IsRegular(int directory, string path)
    {
        var status = default(Libc.Status);
        return Libc.ReadStatus(directory, path, Libc.EmptyPath, Libc.TypeOnly, ref status) == 0
            ? (status.Mode & TypeBits) == RegularType
            : throw Libc.Failure("statx", Marshal.GetLastPInvokeError());
    }

    private static IOException Refusal(string path) => new($"{Path.GetFileName(path)} is not a regular file.");
}
