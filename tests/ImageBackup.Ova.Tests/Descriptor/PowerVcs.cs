using System.Text;

namespace ImageBackup.Ova.Tests.Descriptor;

/// <summary>Descriptors as PowerVC and other tools write them, and malicious variants.</summary>
internal static class PowerVcs
{
    public const string Disk = "<ovf:Disk ovf:diskId='disk1' ovf:fileRef='file1' ovf:capacity='10737418240' ovf:capacityAllocationUnits='byte'/>";

    public const string Item =
        "<ovf:Item><rasd:ElementName>aixdb_boot</rasd:ElementName><rasd:HostResource>ovf:/disk/disk1</rasd:HostResource><rasd:InstanceID>1</rasd:InstanceID>"
        + "<rasd:ResourceType>17</rasd:ResourceType><p:boot xmlns:p='ibmpvc'>True</p:boot></ovf:Item>";

    private const string Namespaces =
        "xmlns:ovf='http://schemas.dmtf.org/ovf/envelope/1' xmlns:rasd='http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_ResourceAllocationSettingData'";

    /// <summary>Other prefixes, attributes without prefix, /disk/ without ovf:, no size, and the collection's name after the system, as in older PowerVC versions.</summary>
    public const string Unprefixed = """
        <?xml version="1.0" encoding="UTF-8"?>
        <Envelope xmlns="http://schemas.dmtf.org/ovf/envelope/1" xmlns:r="http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_ResourceAllocationSettingData">
          <References><File href="aixdb_boot" id="file1"/></References>
          <DiskSection><Info>Disk Section</Info><Disk capacity="10" capacityAllocationUnits="byte * 2^30" diskId="disk1" fileRef="file1"/></DiskSection>
          <VirtualSystemCollection>
            <VirtualSystem id="vs0"><Name>aixdb</Name><Info/>
              <OperatingSystemSection id="9"><Info/><Description>AIX</Description><ns1:architecture xmlns:ns1="ibmpvc">ppc64</ns1:architecture></OperatingSystemSection>
              <VirtualHardwareSection><Info>Storage resources</Info>
                <Item><r:Description>Temporary clone for export</r:Description><r:ElementName>aixdb_boot</r:ElementName><r:HostResource>/disk/disk1</r:HostResource>
                  <r:InstanceID>1</r:InstanceID><r:ResourceType>17</r:ResourceType><ns2:boot xmlns:ns2="ibmpvc">True</ns2:boot></Item>
              </VirtualHardwareSection>
            </VirtualSystem>
            <Info/><Name>aixdb</Name>
          </VirtualSystemCollection>
        </Envelope>
        """;

    public static byte[] With(
        string? file = null,
        string href = "aixdb_boot",
        string? disk = null,
        string? item = null,
        string fileRef = "file1",
        string capacity = "10737418240",
        string units = "byte",
        string hostResource = "ovf:/disk/disk1",
        string boot = "True",
        string osId = "9",
        string? osText = "AIX",
        string architecture = "ppc64") => Encoding.UTF8.GetBytes(Text(
            file: file ?? $"<ovf:File ovf:href='{href}' ovf:id='file1'/>",
            disk: (disk ?? Disk).Replace("fileRef='file1'", $"fileRef='{fileRef}'", StringComparison.Ordinal)
                .Replace("10737418240", capacity, StringComparison.Ordinal)
                .Replace("'byte'", $"'{units}'", StringComparison.Ordinal),
            item: (item ?? Item).Replace("ovf:/disk/disk1", hostResource, StringComparison.Ordinal).Replace(">True<", $">{boot}<", StringComparison.Ordinal),
            osId: osId,
            osText: osText,
            architecture: architecture));

    public static byte[] Two(string? boot1, string? boot2) => Several([("one", boot1), ("two", boot2)]);

    public static byte[] Many(int count) => Several([.. Enumerable.Range(1, count).Select(number => ($"v{number}", (string?)"True"))]);

    public static string Text(
        string file = "<ovf:File ovf:href='aixdb_boot' ovf:id='file1'/>",
        string disk = Disk,
        string item = Item,
        string osId = "9",
        string? osText = "AIX",
        string? architecture = "ppc64",
        string name = "aixdb") =>
        $"<ovf:Envelope {Namespaces}><ovf:References>{file}</ovf:References><ovf:DiskSection><ovf:Info/>{disk}</ovf:DiskSection>"
        + $"<ovf:VirtualSystemCollection ovf:id='c'><ovf:Info/><ovf:VirtualSystem ovf:id='vs0'><ovf:Info/><ovf:Name>{name}</ovf:Name>"
        + $"<ovf:OperatingSystemSection ovf:id='{osId}'><ovf:Info/>{(osText is null ? "" : $"<ovf:Description>{osText}</ovf:Description>")}"
        + $"{(architecture is null ? "" : $"<p:architecture xmlns:p='ibmpvc'>{architecture}</p:architecture>")}</ovf:OperatingSystemSection>"
        + $"<ovf:VirtualHardwareSection><ovf:Info/>{item}</ovf:VirtualHardwareSection></ovf:VirtualSystem></ovf:VirtualSystemCollection></ovf:Envelope>";

    private static byte[] Several((string Href, string? Boot)[] volumes)
    {
        var numbered = volumes.Select((volume, index) => (volume.Href, volume.Boot, Number: index + 1)).ToList();
        return Encoding.UTF8.GetBytes(Text(
            string.Concat(numbered.Select(volume => $"<ovf:File ovf:href='{volume.Href}' ovf:id='file{volume.Number}'/>")),
            string.Concat(numbered.Select(volume => $"<ovf:Disk ovf:diskId='disk{volume.Number}' ovf:fileRef='file{volume.Number}' ovf:capacity='1048576'/>")),
            string.Concat(numbered.Select(volume =>
                $"<ovf:Item><rasd:HostResource>ovf:/disk/disk{volume.Number}</rasd:HostResource>{(volume.Boot is null ? "" : $"<p:boot xmlns:p='ibmpvc'>{volume.Boot}</p:boot>")}</ovf:Item>")),
            architecture: null));
    }
}
