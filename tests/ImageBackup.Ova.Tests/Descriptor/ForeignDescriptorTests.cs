using System.Text;
using ImageBackup.Disks;
using ImageBackup.Ova.Descriptor;

namespace ImageBackup.Ova.Tests.Descriptor;

/// <summary>Descriptors in the shapes of VMware, VirtualBox, oVirt and writers of OVF 2.0.</summary>
public sealed class ForeignDescriptorTests
{
    private const string Rasd = "http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_ResourceAllocationSettingData";
    private const string Sasd = "http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_StorageAllocationSettingData.xsd";
    private const string Epasd = "http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_EthernetPortAllocationSettingData.xsd";

    /// <summary>A disk, an ISO file in a drive, a file that no disk names, and items of other kinds.</summary>
    private const string Items1 = """
        <Item><rasd:ElementName>1 CPU</rasd:ElementName><rasd:InstanceID>1</rasd:InstanceID><rasd:ResourceType>3</rasd:ResourceType></Item>
        <Item><rasd:ElementName>SCSI</rasd:ElementName><rasd:InstanceID>3</rasd:InstanceID><rasd:ResourceSubType>lsilogic</rasd:ResourceSubType><rasd:ResourceType>6</rasd:ResourceType></Item>
        <Item><rasd:ElementName>Disk</rasd:ElementName><rasd:HostResource>ovf:/disk/vmdisk1</rasd:HostResource><rasd:InstanceID>4</rasd:InstanceID><rasd:ResourceType>17</rasd:ResourceType></Item>
        <Item><rasd:ElementName>DVD</rasd:ElementName><rasd:HostResource>/disk/iso1</rasd:HostResource><rasd:InstanceID>5</rasd:InstanceID><rasd:ResourceType>15</rasd:ResourceType></Item>
        <Item><rasd:ElementName>CD</rasd:ElementName><rasd:HostResource>ovf:/file/file3</rasd:HostResource><rasd:InstanceID>6</rasd:InstanceID><rasd:ResourceType>16</rasd:ResourceType></Item>
        """;

    [Fact]
    public void Iso_files_and_files_that_no_disk_names_are_no_volumes()
    {
        var read = Read($"""
            <Envelope xmlns="http://schemas.dmtf.org/ovf/envelope/1" xmlns:ovf="http://schemas.dmtf.org/ovf/envelope/1" xmlns:rasd="{Rasd}">
              <References>
                <File ovf:href="./box-disk1.vmdk" ovf:id="file1"/><File ovf:href="box-disk2.iso" ovf:id="file2"/><File ovf:href="iso/box.iso" ovf:id="file3"/>
              </References>
              <DiskSection><Info>Disks</Info>
                <Disk ovf:capacity="8" ovf:capacityAllocationUnits="byte * 2^20" ovf:diskId="vmdisk1" ovf:fileRef="file1" ovf:populatedSize="1000"
                  ovf:format="http://www.vmware.com/interfaces/specifications/vmdk.html#streamOptimized"/>
                <Disk ovf:capacity="1" ovf:diskId="iso1" ovf:fileRef="file2" ovf:format="http://www.ecma-international.org/publications/standards/Ecma-119.htm"/>
              </DiskSection>
              <VirtualSystem ovf:id="box"><Info/><VirtualHardwareSection><Info/>{Items1}</VirtualHardwareSection></VirtualSystem>
            </Envelope>
            """);

        var volume = Assert.Single(read.Volumes);
        Assert.Equal(("box-disk1.vmdk", 8L << 20, DiskFormat.Vmdk, "Disk", true), (volume.Href, volume.Capacity, volume.Format, volume.Name, volume.Boot));
    }

    [Fact]
    public void Storage_items_and_Ethernet_items_of_OVF_2_are_read()
    {
        var read = Read($"""
            <ovf:Envelope xmlns:ovf="http://schemas.dmtf.org/ovf/envelope/2" xmlns:rasd="{Rasd}" xmlns:sasd="{Sasd}" xmlns:epasd="{Epasd}">
              <ovf:References><ovf:File ovf:href="one" ovf:id="f1"/><ovf:File ovf:href="two" ovf:id="f2"/></ovf:References>
              <ovf:DiskSection><ovf:Info/>
                <ovf:Disk ovf:capacity="10" ovf:diskId="d1" ovf:fileRef="f1"/><ovf:Disk ovf:capacity="20" ovf:diskId="d2" ovf:fileRef="f2"/>
              </ovf:DiskSection>
              <ovf:VirtualSystem ovf:id="x"><ovf:Info/><ovf:VirtualHardwareSection><ovf:Info/>
                <ovf:EthernetPortItem><epasd:Connection>net</epasd:Connection><epasd:ElementName>eth</epasd:ElementName><epasd:InstanceID>1</epasd:InstanceID><epasd:ResourceType>10</epasd:ResourceType></ovf:EthernetPortItem>
                <ovf:StorageItem><sasd:ElementName>Second</sasd:ElementName><sasd:HostResource>ovf:/disk/d2</sasd:HostResource><sasd:InstanceID>2</sasd:InstanceID><sasd:ResourceType>31</sasd:ResourceType></ovf:StorageItem>
                <ovf:StorageItem><sasd:ElementName>First</sasd:ElementName><sasd:HostResource>ovf:/disk/d1</sasd:HostResource><sasd:InstanceID>3</sasd:InstanceID><sasd:ResourceType>17</sasd:ResourceType></ovf:StorageItem>
              </ovf:VirtualHardwareSection></ovf:VirtualSystem>
            </ovf:Envelope>
            """);

        Assert.Equal([("Second", "two", 20L), ("First", "one", 10L)], read.Volumes.Select(volume => (volume.Name, volume.Href, volume.Capacity)));
    }

    [Fact]
    public void A_disk_without_a_file_is_a_blank_volume()
    {
        var read = Read("""
            <Envelope xmlns="http://schemas.dmtf.org/ovf/envelope/1">
              <References><File href="boot" id="f1"/></References>
              <DiskSection><Info/><Disk capacity="10" diskId="d1" fileRef="f1"/><Disk capacity="2" capacityAllocationUnits="byte * 2^30" diskId="d2"/></DiskSection>
            </Envelope>
            """);

        Assert.Equal([("boot", false, 10L), ("blank-d2", true, 2L << 30)], read.Volumes.Select(volume => (volume.Href, volume.IsBlank, volume.Capacity)));
    }

    [Theory]
    [InlineData("COW", "http://www.vmware.com/specifications/vmdk.html#sparse", DiskFormat.Qcow2)]
    [InlineData("RAW", "http://www.vmware.com/specifications/vmdk.html#sparse", DiskFormat.Raw)]
    public void Namespaces_and_formats_of_oVirt_are_read(string word, string uri, DiskFormat format)
    {
        var read = Read($"""
            <ovf:Envelope xmlns:ovf="http://schemas.dmtf.org/ovf/envelope/1/" xmlns:rasd="{Rasd}">
              <References><File ovf:href="disk" ovf:id="d1" ovf:size="10"/></References>
              <DiskSection><Info/><Disk ovf:diskId="d1" ovf:capacity="10" ovf:parentRef="" ovf:fileRef="d1" ovf:format="{uri}" ovf:volume-format="{word}"/></DiskSection>
              <VirtualSystem ovf:id="x"><Name>vm</Name><VirtualHardwareSection><Info/>
                <Item><rasd:InstanceId>d1</rasd:InstanceId><rasd:ResourceType>17</rasd:ResourceType><rasd:HostResource>/disk/d1</rasd:HostResource></Item>
              </VirtualHardwareSection></VirtualSystem>
            </ovf:Envelope>
            """);

        Assert.Equal(("vm", "disk", format), (read.Name, read.Volumes.Single().Href, read.Volumes.Single().Format));
    }

    [Theory]
    [InlineData("ovf:compression='bzip2'", "", "'bzip2'")]
    [InlineData("ovf:chunkSize='100'", "", "split into chunks")]
    [InlineData("", "ovf:parentRef='d0'", "Only whole disks are supported")]
    public void A_shape_that_is_not_read_is_refused_by_name_and_not_called_damaged(string file, string disk, string reason)
    {
        var refusal = Assert.Throws<InvalidOvaException>(() => Read($"""
            <ovf:Envelope xmlns:ovf="http://schemas.dmtf.org/ovf/envelope/1">
              <ovf:References><ovf:File ovf:href="disk" ovf:id="f" {file}/></ovf:References>
              <ovf:DiskSection><ovf:Info/><ovf:Disk ovf:diskId="d1" ovf:capacity="10" ovf:fileRef="f" {disk}/></ovf:DiskSection>
            </ovf:Envelope>
            """));

        Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
        Assert.True(refusal.IsUnsupported);
    }

    private static OvfDescriptor Read(string document)
        => OvfDescriptorReader.Read(Encoding.UTF8.GetBytes(document), "x.ovf", null, new OvaReaderOptions { ScratchDirectory = "/nowhere" });
}
