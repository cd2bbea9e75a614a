namespace ImageBackup.Ova.Descriptor;

/// <summary>PowerVC's words for operating systems beside CIM's numbers (<c>CIM_OperatingSystem.OSType</c>), as PowerVC and its tools use them.</summary>
public static class OperatingSystems
{
    /// <summary>The words that a raw disk or a new archive may be given.</summary>
    public static readonly IReadOnlyList<string> All = ["aix", "ibmi", "rhel", "coreos", "ubuntu", "sles"];

    private const int Unknown = 0;
    private const int Linux = 36;

    /// <summary>CIM's number; 36 (Linux) for a word without one, 0 (unknown) for none.</summary>
    public static int Number(string? osType) => osType switch
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

    /// <summary>What a person reads beside the number.</summary>
    public static string Title(string osType) => osType switch
    {
        "aix" => "AIX",
        "ibmi" => "IBM i",
        "rhel" => "Red Hat Enterprise Linux",
        "coreos" => "Red Hat CoreOS",
        "sles" => "SUSE Linux Enterprise Server",
        "ubuntu" => "Ubuntu",
        _ => osType,
    };

    /// <summary>The word for a number; where that says no more than Linux, the description decides, and RHEL is what such images mostly are.</summary>
    public static string? FromNumber(int number, string? description) => number switch
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
