using ImageBackup.Ova;

namespace ImageBackup.Core.Backups;

/// <summary>The words for compression in IBM's table.</summary>
public static class CompressionWords
{
    /// <summary>Every word.</summary>
    public static readonly IReadOnlyList<string> All = ["True", "Fast", "False"];

    public static string ToWire(this OvaCompression compression) => compression switch
    {
        OvaCompression.None => "False",
        OvaCompression.Fast => "Fast",
        _ => "True",
    };

    /// <summary>Returns the compression whose word is <paramref name="word"/>, in any case.</summary>
    public static OvaCompression Parse(string word)
        => Enum.GetValues<OvaCompression>().Single(compression => string.Equals(compression.ToWire(), word, StringComparison.OrdinalIgnoreCase));
}
