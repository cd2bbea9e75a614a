using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ImageBackup.Ova.IO;

/// <summary>Calls of the C library that .NET does not offer. For 64-bit Linux only, where <c>off_t</c> is a <see langword="long"/>.</summary>
internal static partial class Libc
{
    public const int Eperm = 1;
    public const int Eintr = 4;
    public const int Enxio = 6;
    public const int Exdev = 18;
    public const int Einval = 22;
    public const int Etxtbsy = 26;
    public const int Enotty = 25;
    public const int Enospc = 28;
    public const int Emlink = 31;
    public const int Enosys = 38;
    public const int Eopnotsupp = 95;

    public const int SeekData = 3;
    public const int SeekHole = 4;
    public const int PunchHoleKeepSize = 0x03;
    public const uint StartWriteback = 0x02; // SYNC_FILE_RANGE_WRITE
    public const uint FinishWriteback = 0x07; // SYNC_FILE_RANGE_WAIT_BEFORE, _WRITE and _WAIT_AFTER
    public const int ReadOnlyCloseOnExec = 0x80000;
    public const int ReadWrite = 0x2; // O_RDWR
    public const int WriteOnly = 0x1; // O_WRONLY
    public const int CloseOnExec = 0x80000; // O_CLOEXEC
    public const int NotNeeded = 4; // POSIX_FADV_DONTNEED
    public const int CurrentDirectory = -100; // AT_FDCWD
    public const int EmptyPath = 0x1000; // AT_EMPTY_PATH
    public const int NoFollow = 0x100; // AT_SYMLINK_NOFOLLOW
    public const uint InodeOnly = 0x100; // STATX_INO
    public const uint LinksAndInode = 0x104; // STATX_NLINK, STATX_INO
    public const uint DirectAlignment = 0x2000; // STATX_DIOALIGN

    public static bool IsUsable { get; } = OperatingSystem.IsLinux() && Environment.Is64BitProcess;

    /// <summary>O_DIRECT, which differs on ARM and POWER.</summary>
    public static int Direct { get; } = RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.Arm64 => 0x10000,
        Architecture.Ppc64le => 0x20000,
        _ => 0x4000,
    };

    /// <summary>FICLONE: <c>_IOW(0x94, 9, int)</c>, whose direction bits differ on POWER.</summary>
    public static nuint FileClone { get; } =
        RuntimeInformation.ProcessArchitecture == Architecture.Ppc64le ? 0x80049409u : 0x40049409u;

    /// <summary>FICLONERANGE: <c>_IOW(0x94, 13, struct file_clone_range)</c>.</summary>
    public static nuint FileCloneRange { get; } =
        RuntimeInformation.ProcessArchitecture == Architecture.Ppc64le ? 0x8020940Du : 0x4020940Du;

    [LibraryImport("libc", EntryPoint = "lseek", SetLastError = true)]
    public static partial long Seek(SafeFileHandle file, long offset, int whence);

    [LibraryImport("libc", EntryPoint = "copy_file_range", SetLastError = true)]
    public static partial nint CopyFileRange(
        SafeFileHandle source, ref long sourceOffset, SafeFileHandle target, ref long targetOffset, nuint length, uint flags);

    [LibraryImport("libc", EntryPoint = "fallocate", SetLastError = true)]
    public static partial int Allocate(SafeFileHandle file, int mode, long offset, long length);

    [LibraryImport("libc", EntryPoint = "sync_file_range", SetLastError = true)]
    public static partial int SyncFileRange(SafeFileHandle file, long offset, long length, uint flags);

    [LibraryImport("libc", EntryPoint = "posix_fadvise")]
    public static partial int Advise(SafeFileHandle file, long offset, long length, int advice);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    public static partial int Clone(SafeFileHandle target, nuint request, SafeFileHandle source);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    public static partial int CloneRange(SafeFileHandle target, nuint request, ref ClonedRange range);

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Link(string existing, string created);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "umask")]
    public static partial uint Umask(uint mask);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    public static partial int Sync(int file);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    public static partial int Close(int file);

    /// <summary>Sets the nice value. <c>which</c> 0 and <c>who</c> 0 mean the calling thread (setpriority(2), "C library/kernel differences").</summary>
    [LibraryImport("libc", EntryPoint = "setpriority", SetLastError = true)]
    public static partial int SetPriority(int which, uint who, int nice);

    /// <summary>statx(2). Unlike that of stat(2), its structure is the same on every architecture.</summary>
    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int ReadStatus(int directory, string path, int flags, uint mask, ref Status status);

    /// <summary>The part of <c>struct statx</c> that is used here. The structure has 256 bytes.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    public struct Status
    {
        [FieldOffset(0)]
        public uint Mask;

        [FieldOffset(16)]
        public uint Links;

        [FieldOffset(32)]
        public ulong Inode;

        [FieldOffset(136)]
        public uint DeviceMajor;

        [FieldOffset(140)]
        public uint DeviceMinor;

        [FieldOffset(152)]
        public uint DirectMemoryAlignment;

        [FieldOffset(156)]
        public uint DirectOffsetAlignment;
    }

    /// <summary><c>struct file_clone_range</c>. A length of 0 means the end of the source.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct ClonedRange
    {
        public long Source;
        public ulong SourceOffset;
        public ulong SourceLength;
        public ulong TargetOffset;
    }

    /// <summary>Creates the exception that .NET's file calls would throw: the error number is in HResult.</summary>
    public static IOException Failure(string what, int errno) =>
        new($"{what}: {Marshal.GetPInvokeErrorMessage(errno)}", errno);
}
