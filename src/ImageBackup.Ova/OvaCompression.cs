namespace ImageBackup.Ova;

/// <summary>How the members of an archive are stored (the seed's <c>compression</c>: <c>False</c>, <c>True</c>, <c>Fast</c>).</summary>
public enum OvaCompression
{
    /// <summary>Raw bytes.</summary>
    None,

    /// <summary>gzip at the ratio of <c>gzip -6</c>.</summary>
    Gzip,

    /// <summary>gzip, several blocks at once and at speed; read by the same programs.</summary>
    Fast,
}
