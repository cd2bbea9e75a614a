using System.Xml.Linq;

namespace ImageBackup.Ova.Descriptor;

/// <summary>Namespaces and constants of descriptors.</summary>
internal static class OvfNames
{
    public static readonly XNamespace Ovf = "http://schemas.dmtf.org/ovf/envelope/1";
    public static readonly XNamespace Ovf2 = "http://schemas.dmtf.org/ovf/envelope/2";
    public static readonly XNamespace Rasd = "http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_ResourceAllocationSettingData";

    /// <summary>PowerVC's namespace, which is no URI.</summary>
    public static readonly XNamespace PowerVc = "ibmpvc";

    /// <summary>This project's namespace.</summary>
    public static readonly XNamespace Own = "urn:imagebackup:ovf:1";

    /// <summary>Begin of the namespaces of settings: RASD of items, SASD of storage items, EPASD of Ethernet items (DSP0243 2.1 §8.3).</summary>
    public const string CimSettings = "http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_";

    /// <summary>CIM's resource type of a disk drive.</summary>
    public const string DiskDrive = "17";

    /// <summary>CIM's resource types of CD and DVD drives.</summary>
    public static readonly string[] OpticalDrives = ["15", "16"];
}
