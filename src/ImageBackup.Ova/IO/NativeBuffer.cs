using System.Buffers;
using System.Runtime.InteropServices;

namespace ImageBackup.Ova.IO;

/// <summary>
/// Zeroed memory outside the garbage-collected heap, returned to the system when disposed. It is mapped rather than allocated, because the C library keeps
/// freed memory in an arena per thread. A margin behind the end allows the wide loads of vector code.
/// </summary>
internal sealed unsafe partial class NativeBuffer : MemoryManager<byte>, IDisposable
{
    private const int Margin = 1024;
    private const int ReadWrite = 3;
    private const int PrivateAnonymous = 0x22;
    private void* memory;

    public NativeBuffer(int length)
    {
        Length = length;
        memory = OperatingSystem.IsLinux()
            ? Map(null, (nuint)(length + Margin), ReadWrite, PrivateAnonymous, -1, 0)
            : NativeMemory.AllocZeroed((nuint)(length + Margin));
        if (memory == (void*)-1)
        {
            memory = null;
            throw new InsufficientMemoryException($"No memory for a buffer of {length} bytes");
        }
    }

    public int Length { get; }

    public byte* Pointer => memory is null ? throw new ObjectDisposedException(nameof(NativeBuffer)) : (byte*)memory;

    public Span<byte> Span => new(Pointer, Length);

    public override Span<byte> GetSpan() => Span;

    public override MemoryHandle Pin(int elementIndex = 0) => new(Pointer + elementIndex);

    public override void Unpin()
    {
    }

    public void Dispose() => Dispose(disposing: true);

    protected override void Dispose(bool disposing)
    {
        if (memory is not null && OperatingSystem.IsLinux())
        {
            _ = Unmap(memory, (nuint)(Length + Margin));
        }
        else
        {
            NativeMemory.Free(memory);
        }

        memory = null;
    }

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial void* Map(void* address, nuint length, int protection, int flags, int file, long offset);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(void* address, nuint length);
}
