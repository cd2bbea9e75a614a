using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ImageBackup.Disks;

/// <summary>
/// Opens files whose names come from outside. A named pipe would block the program until somebody writes to it, and reading a device or a socket
/// can have side effects: they are refused without waiting.
/// </summary>
public static partial class RegularFile
{
    private const int TypeBits = 0xF000; // S_IFMT
    private const int RegularType = 0x8000; // S_IFREG
    private const int NoSuchDevice = 6; // ENXIO
    private const int IsLink = 40; // ELOOP
    private const int ReadWrite = 0x2; // O_RDWR
    private const int CloseOnExec = 0x80000; // O_CLOEXEC
    private const int NonBlocking = 0x800; // O_NONBLOCK
    private const int EmptyPath = 0x1000; // AT_EMPTY_PATH
    private const int CurrentDirectory = -100; // AT_FDCWD
    private const uint TypeOnly = 0x1; // STATX_TYPE

    // The system calls below have these structures and numbers on 64-bit Linux only.
    private static readonly bool IsUsable = OperatingSystem.IsLinux() && Environment.Is64BitProcess;

    /// <summary>O_NOFOLLOW, which differs on ARM and POWER.</summary>
    private static readonly int NoFollow = RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Ppc64le ? 0x8000 : 0x20000;

    /// <summary>Opens a file for reading. Symbolic links are followed.</summary>
    /// <exception cref="IOException">The path leads to a pipe, a device, a socket or a directory, or the file cannot be opened.</exception>
    public static SafeFileHandle Open(string path, FileShare share = FileShare.Read, FileOptions options = FileOptions.None)
        => Open(path, FileAccess.Read, share, options, noFollow: 0);

    /// <summary>Opens a file itself: a symbolic link is refused. Its directories may be links.</summary>
    /// <exception cref="IOException">The path is a link, a pipe, a device, a socket or a directory, or the file cannot be opened.</exception>
    public static SafeFileHandle OpenItself(string path, FileAccess access = FileAccess.Read, FileShare share = FileShare.Read, FileOptions options = FileOptions.None)
        => !IsUsable && new FileInfo(path).LinkTarget is not null ? throw Refusal(path) : Open(path, access, share, options, NoFollow);

    /// <summary>Returns true if a path leads to a regular file, without opening it.</summary>
    public static bool Is(string path) => !IsUsable || IsRegular(CurrentDirectory, path);

    private static SafeFileHandle Open(string path, FileAccess access, FileShare share, FileOptions options, int noFollow)
    {
        if (!IsUsable)
        {
            return File.OpenHandle(path, FileMode.Open, access, share, options);
        }

        var probe = Open(path, CloseOnExec | NonBlocking | noFollow | (access == FileAccess.Read ? 0 : ReadWrite));
        if (probe < 0)
        {
            // .NET finds the exception for other errors. A socket cannot be opened.
            return Marshal.GetLastPInvokeError() is NoSuchDevice or IsLink ? throw Refusal(path) : File.OpenHandle(path, FileMode.Open, access, share, options);
        }

        try
        {
            // Through the open file, so that nobody can exchange the path in between.
            return IsRegular(probe, "") ? File.OpenHandle($"/proc/self/fd/{probe}", FileMode.Open, access, share, options) : throw Refusal(path);
        }
        finally
        {
            _ = Close(probe);
        }
    }

    private static bool IsRegular(int directory, string path)
    {
        var status = default(Status);
        return ReadStatus(directory, path, EmptyPath, TypeOnly, ref status) == 0
            ? (status.Mode & TypeBits) == RegularType
            : throw new IOException($"{Path.GetFileName(path)}: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");
    }

    private static IOException Refusal(string path) => new($"{Path.GetFileName(path)} is not a regular file.");

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int file);

    /// <summary>statx(2). Unlike that of stat(2), its structure is the same on every architecture.</summary>
    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ReadStatus(int directory, string path, int flags, uint mask, ref Status status);

    /// <summary>The part of <c>struct statx</c> that is used here. The structure has 256 bytes.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Status
    {
        [FieldOffset(28)]
        public ushort Mode;
    }
}
