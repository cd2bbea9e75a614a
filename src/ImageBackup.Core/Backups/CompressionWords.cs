using ImageBackup.Ova;

namespace ImageBackup.Core.Backups;

/// <summary>The seed's words for compression.</summary>
public static class CompressionWords
{
    public static string ToWire(this OvaCompression compression) => compression switch
    {
        OvaCompression.None => "False",
        OvaCompression.Fast => "Fast",
        _ => "True",
    };
}
