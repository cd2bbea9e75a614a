namespace ImageBackup.Ova;

/// <summary>How volumes are stored in an archive: the values of <c>compression</c> in IBM's "Export or import image".</summary>
public enum OvaCompression
{
    /// <summary>Raw bytes (<c>False</c>).</summary>
    None,

    /// <summary>gzip, as small as <c>gzip -6</c> makes it (<c>True</c>).</summary>
    Gzip,

    /// <summary>gzip at the fastest level (<c>Fast</c>). Any gzip program reads it.</summary>
    Fast,
}
