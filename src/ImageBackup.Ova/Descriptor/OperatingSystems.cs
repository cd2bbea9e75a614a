namespace ImageBackup.Ova.Descriptor;

/// <summary>PowerVC's words for operating systems and CIM's numbers for them (<c>CIM_OperatingSystem.OSType</c>), as PowerVC's descriptors use them.</summary>
public static class OperatingSystems
{
    /// <summary>Every word.</summary>
    public static readonly IReadOnlyList<string> All = ["aix", "ibmi", "rhel", "coreos", "ubuntu", "sles"];

    private const int Unknown = 0;
    private const int Linux = 36;

    /// <summary>Returns CIM's number for a word: 36 (Linux) for an unknown word, 0 (unknown) for null.</summary>
    internal static int Number(string? osType) => osType switch
    {
        null => Unknown,
        "aix" => 9,
        "ibmi" => 11,
        "rhel" => 79,
        "coreos" => 80,
        "sles" => 84,
        "ubuntu" => 93,
        _ => Linux,
    };

    /// <summary>Returns the name for people.</summary>
    internal static string Title(string osType) => osType switch
    {
        "aix" => "AIX",
        "ibmi" => "IBM i",
        "rhel" => "Red Hat Enterprise Linux",
        "coreos" => "Red Hat CoreOS",
        "sles" => "SUSE Linux Enterprise Server",
        "ubuntu" => "Ubuntu",
        _ => osType,
    };

    /// <summary>Returns the word for a number. For CIM's general Linux numbers (36, 101), the description decides, and rhel is the default. Returns null if unknown.</summary>
    internal static string? FromNumber(int number, string? description) => number switch
    {
        9 => "aix",
        11 => "ibmi",
        79 => "rhel",
        80 => "coreos",
        84 or 85 => "sles",
        93 or 94 => "ubuntu",
        36 or 101 => FromDescription(description) ?? "rhel",
        _ => FromDescription(description),
    };

    private static string? FromDescription(string? description)
    {
        return description is null ? null
            : Says("coreos", "rhcos", "fcos") ? "coreos"
            : Says("ubuntu") ? "ubuntu"
            : Says("suse", "sles") ? "sles"
            : Says("rhel", "red hat", "redhat", "centos") ? "rhel"
            : Says("aix") ? "aix"
            : Says("ibm i", "ibmi", "os400", "os/400") ? "ibmi"
            : null;

        bool Says(params ReadOnlySpan<string> words)
        {
            foreach (var word in words)
            {
                if (description.Contains(word, StringComparison.OrdinalIgnoreCase))
                {
                    return true;
                }
            }

            return false;
        }
    }
}
