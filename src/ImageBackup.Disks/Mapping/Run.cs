namespace ImageBackup.Disks.Mapping;

/// <summary>A run of guest bytes that are stored in one way.</summary>
/// <param name="Kind">How they are stored.</param>
/// <param name="Length">Guest bytes, counted from where the run was asked for; more than zero.</param>
/// <param name="Start">Offset in the image file: of the first guest byte when plain, of the packed bytes when packed.</param>
/// <param name="PackedLength">Bytes in the image file when packed.</param>
internal readonly record struct Run(RunKind Kind, long Length, long Start = 0, int PackedLength = 0)
{
    public static Run Hole(long length) => new(RunKind.Hole, length);

    public static Run Plain(long length, long start) => new(RunKind.Plain, length, start);

    /// <summary>Packed guest bytes up to the end of their unit.</summary>
    public static Run Packed(long length, long start, int packedLength) => new(RunKind.Packed, length, start, packedLength);

    /// <summary>Returns the run without its first bytes.</summary>
    public Run Skip(long count) => this with { Length = Length - count, Start = Kind is RunKind.Plain ? Start + count : Start };

    /// <summary>Whether the other run begins where this one ends, so that both are one.</summary>
    public bool Continues(Run next) => Kind == next.Kind && Kind switch
    {
        RunKind.Hole => true,
        RunKind.Plain => Start + Length == next.Start,
        _ => false,
    };
}
