namespace ImageBackup.Disks.Mapping;

/// <summary>How guest bytes are stored.</summary>
internal enum RunKind
{
    /// <summary>Not at all: they read as zeros.</summary>
    Hole,

    /// <summary>As they are.</summary>
    Plain,

    /// <summary>Compressed, one unit at a time.</summary>
    Packed,
}
