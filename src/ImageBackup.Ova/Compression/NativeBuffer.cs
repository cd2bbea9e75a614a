using System.Buffers;
using System.Runtime.InteropServices;

namespace ImageBackup.Ova.Compression;

/// <summary>Zeroed memory outside the collected heap, aligned to a cache line, given back when disposed; a margin behind its end absorbs the wide loads of vector code.</summary>
internal sealed unsafe class NativeBuffer : MemoryManager<byte>, IDisposable
{
    private const int Alignment = 64;
    private const int Margin = 1024;
    private void* memory;

    public NativeBuffer(int length)
    {
        Length = length;
        memory = NativeMemory.AlignedAlloc((nuint)length + Margin, Alignment);
        NativeMemory.Clear(memory, (nuint)length + Margin);
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
        NativeMemory.AlignedFree(memory);
        memory = null;
    }
}
