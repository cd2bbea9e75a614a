namespace ImageBackup.Ova.Descriptor;

/// <summary>The words for architectures.</summary>
public static class Architectures
{
    /// <summary>IBM Power, big-endian and little-endian.</summary>
    public static readonly IReadOnlyList<string> All = ["ppc64", "ppc64le"];
}
