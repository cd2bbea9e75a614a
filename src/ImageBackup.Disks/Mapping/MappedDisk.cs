using System.Buffers;

namespace ImageBackup.Disks.Mapping;

/// <summary>The guest's disk in a format that maps ranges of it to places in the image file.</summary>
internal abstract class MappedDisk(DiskSource source) : DiskSource
{
    /// <summary>How many runs are looked up between two looks at the cancellation token.</summary>
    private const int RunsBetweenChecks = 1 << 12;

    /// <summary>The image file.</summary>
    protected DiskSource Source { get; } = source;

    /// <summary>The image file's tables.</summary>
    protected TablePages Tables { get; } = new(source);

    public sealed override void Read(Span<byte> buffer, long offset)
    {
        while (buffer.Length > 0)
        {
            var run = FindLong(offset, buffer.Length);
            var count = (int)Math.Min(run.Length, buffer.Length);
            var part = buffer[..count];
            switch (run.Kind)
            {
                case RunKind.Hole:
                    part.Clear();
                    break;
                case RunKind.Plain:
                    Source.Read(part, run.Start);
                    break;
                default:
                    ReadPacked(run, part, offset);
                    break;
            }

            buffer = buffer[count..];
            offset += count;
        }
    }

    public sealed override long NextData(long offset)
    {
        while (offset < Length)
        {
            var run = Find(offset);
            if (run.Kind is RunKind.Packed)
            {
                return offset;
            }

            if (run.Kind is RunKind.Plain)
            {
                var hole = Source.NextData(run.Start) - run.Start;
                if (hole < run.Length)
                {
                    return offset + hole;
                }
            }

            offset += run.Length;
        }

        return Length;
    }

    /// <summary>Looks at the whole map once, so that a map that leaves the file or uses bytes twice is refused before anything is read.</summary>
    /// <exception cref="DiskImageException">The map is damaged.</exception>
    public virtual void CheckMap(CancellationToken cancellationToken)
    {
        var plain = 0L;
        var packed = 0L;
        var runs = 0L;
        for (var offset = 0L; offset < Length;)
        {
            if (++runs % RunsBetweenChecks == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            var run = Find(offset);
            plain += run.Kind is RunKind.Plain ? run.Length : 0;
            packed += run.Kind is RunKind.Packed ? 1 : 0;
            if (Math.Max(plain, packed) > Source.Length)
            {
                throw DiskImageException.Damaged($"The image maps more data than the {Source.Length} bytes of its file: several parts of the disk share the same bytes.");
            }

            offset += run.Length;
        }
    }

    /// <summary>Finds how the guest's bytes at an offset are stored, up to the end of their unit or further. The run does not reach beyond the disk's end or the file's.</summary>
    protected Run Find(long offset)
    {
        var run = Locate(offset);
        run = run with { Length = Math.Min(run.Length, Length - offset) };
        if (run.Kind is RunKind.Plain && (run.Start < 0 || run.Start > Source.Length - run.Length))
        {
            throw DiskImageException.Damaged(
                $"The image ends too early: its file has {Source.Length} bytes, and byte {offset} of the disk is stored at {run.Start} to {run.Start + run.Length}.");
        }

        return run;
    }

    /// <summary>Finds how the guest's bytes at an offset are stored.</summary>
    protected abstract Run Locate(long offset);

    /// <summary>Reads and unpacks one unit. Only formats with packed runs do so.</summary>
    /// <param name="run">The packed run.</param>
    /// <param name="unit">Room for the unit.</param>
    /// <param name="needed">Bytes that must be filled: fewer than the unit's where the disk ends.</param>
    /// <param name="offset">Offset of the unit on the guest's disk.</param>
    /// <exception cref="DiskImageException">The packed bytes are damaged.</exception>
    protected virtual void ReadUnit(Run run, Span<byte> unit, int needed, long offset) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        Source.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>Extends a run over those that continue it, up to a length.</summary>
    private Run FindLong(long offset, long wanted)
    {
        var run = Find(offset);
        while (run.Length < wanted && offset + run.Length < Length && Find(offset + run.Length) is var next && run.Continues(next))
        {
            run = run with { Length = run.Length + next.Length };
        }

        return run;
    }

    private void ReadPacked(Run run, Span<byte> buffer, long offset)
    {
        var start = offset & ~(long)(Unit - 1);
        var needed = (int)Math.Min(Unit, Length - start);
        if (buffer.Length == Unit)
        {
            ReadUnit(run, buffer, needed, start);
            return;
        }

        var whole = ArrayPool<byte>.Shared.Rent(Unit);
        try
        {
            ReadUnit(run, whole.AsSpan(0, Unit), needed, start);
            whole.AsSpan((int)(offset - start), buffer.Length).CopyTo(buffer);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(whole);
        }
    }
}
