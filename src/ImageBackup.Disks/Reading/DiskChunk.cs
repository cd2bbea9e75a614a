namespace ImageBackup.Disks.Reading;

/// <summary>Room for one piece of the guest's disk on its way from a reading thread to the consumer; used again for the next piece.</summary>
internal sealed class DiskChunk(int size)
{
    private readonly byte[] bytes = GC.AllocateUninitializedArray<byte>(size, pinned: true);
    private TaskCompletionSource finished = new();

    /// <summary>Where the piece begins on the guest's disk.</summary>
    public long Offset { get; private set; }

    /// <summary>Bytes of the piece; for a hole they may be many.</summary>
    public long Length { get; private set; }

    /// <summary>Whether nothing is stored for the piece.</summary>
    public bool IsHole { get; private set; }

    /// <summary>The piece's bytes; empty for a hole.</summary>
    public Memory<byte> Data => bytes.AsMemory(0, IsHole ? 0 : (int)Length);

    /// <summary>Room for what the work makes of the piece.</summary>
    public MemoryStream Output { get; } = new();

    /// <summary>Completes when a thread is done with the piece; fails with its failure.</summary>
    public Task Finished => finished.Task;


    public void Begin(long offset, long length, bool isHole)
    {
        Offset = offset;
        Length = length;
        IsHole = isHole;
        Output.SetLength(0);
        finished = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    public void Finish() => finished.SetResult();

    public void Fail(Exception exception) => finished.SetException(exception);
}
