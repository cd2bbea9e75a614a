using System.Formats.Tar;
using System.Text;
using ImageBackup.TestSupport;

namespace ImageBackup.Api.Tests.BackupNodes;

/// <summary>An archive in the shape of older PowerVC versions: attributes without prefix, no manifest.</summary>
internal static class OldArchive
{
    /// <summary>Writes the archive.</summary>
    public static async Task WriteAsync(string path)
    {
        const string descriptor = """
            <?xml version="1.0" encoding="UTF-8"?>
            <ovf:Envelope xmlns:ovf="http://schemas.dmtf.org/ovf/envelope/1" xmlns:rasd="http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_ResourceAllocationSettingData">
              <ovf:References><ovf:File href="vol1.raw" id="file1" size="4096"/></ovf:References>
              <ovf:DiskSection><ovf:Info>Disks</ovf:Info><ovf:Disk capacity="4096" capacityAllocationUnits="byte" diskId="disk1" fileRef="file1"/></ovf:DiskSection>
              <ovf:VirtualSystemCollection>
                <ovf:VirtualSystem id="vs0">
                  <ovf:Name>old-lpar</ovf:Name>
                  <ovf:OperatingSystemSection id="79"><ovf:Info/><ovf:Description>RHEL</ovf:Description></ovf:OperatingSystemSection>
                  <ovf:VirtualHardwareSection>
                    <ovf:Info>Storage</ovf:Info>
                    <ovf:Item>
                      <rasd:Description>Temporary clone for export</rasd:Description><rasd:ElementName>vol1</rasd:ElementName>
                      <rasd:HostResource>ovf:/disk/disk1</rasd:HostResource><rasd:InstanceID>1</rasd:InstanceID><rasd:ResourceType>17</rasd:ResourceType>
                    </ovf:Item>
                  </ovf:VirtualHardwareSection>
                </ovf:VirtualSystem>
              </ovf:VirtualSystemCollection>
            </ovf:Envelope>
            """;
        await using var file = File.Create(path);
        await using var tar = new TarWriter(file, TarEntryFormat.Ustar);
        await tar.WriteEntryAsync(new UstarTarEntry(TarEntryType.RegularFile, "old-lpar.ovf") { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(descriptor)) });
        await tar.WriteEntryAsync(new UstarTarEntry(TarEntryType.RegularFile, "vol1.raw") { DataStream = new MemoryStream(Content.Random(4096)) });
    }
}
