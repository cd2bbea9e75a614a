using System.Xml.Linq;

namespace ImageBackup.Ova.Descriptor;

/// <summary>Namespaces and fixed words of a descriptor.</summary>
internal static class OvfNames
{
    public static readonly XNamespace Ovf = "http://schemas.dmtf.org/ovf/envelope/1";
    public static readonly XNamespace Ovf2 = "http://schemas.dmtf.org/ovf/envelope/2";
    public static readonly XNamespace Rasd = "http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_ResourceAllocationSettingData";

    /// <summary>PowerVC's own namespace is this bare word.</summary>
    public static readonly XNamespace PowerVc = "ibmpvc";

    /// <summary>Ours: what neither DMTF nor PowerVC has a place for.</summary>
    public static readonly XNamespace Own = "urn:imagebackup:ovf:1";

    /// <summary>CIM's number of a disk drive among the resource types.</summary>
    public const string DiskDrive = "17";

    public const string DescriptorSuffix = ".ovf";
    public const string MetaSuffix = ".meta";
    public const string BlockListSuffix = ".blocks";
}
