using System.Text;
using System.Xml.Linq;
using CsCheck;
using ImageBackup.Ova.Descriptor;
using ImageBackup.Ova.Tests.Archive;
using ImageBackup.Ova.Tests.IO;
using ImageBackup.TestSupport;

namespace ImageBackup.Ova.Tests.Descriptor;

public sealed class OvfDescriptorTests : IDisposable
{
    private readonly TempDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Theory]
    [InlineData("aix", "ppc64", "9")]
    [InlineData("ibmi", "ppc64", "11")]
    [InlineData("rhel", "ppc64le", "79")]
    [InlineData("coreos", "ppc64le", "80")]
    [InlineData("sles", "ppc64le", "84")]
    [InlineData("ubuntu", "ppc64le", "93")]
    [InlineData("rocky", "ppc64le", "36")]
    [InlineData(null, null, "0")]
    public void A_descriptor_is_valid_has_the_CIM_number_and_is_read_back_the_same(string? osType, string? architecture, string number)
    {
        var descriptor = Sample.Descriptor(
            Sample.Volume("vol-1", 21474836480, boot: true, gzip: true) with { StoredSize = 1234 },
            Sample.Volume("vol-2", 0) with { StoredSize = 0 },
            Sample.Volume("vol-3", 5, boot: true)) with
        { OsType = osType, Architecture = architecture };

        var document = OvfDescriptorWriter.Write(descriptor);

        File.WriteAllBytes(directory["x.ovf"], document);
        Tool.Run("xmllint", "--nonet", "--noout", "--schema", Path.Combine(AppContext.BaseDirectory, "Schemas", "ovf-envelope.xsd"), directory["x.ovf"]);
        XNamespace ovf = "http://schemas.dmtf.org/ovf/envelope/1";
        Assert.Equal(number, XDocument.Parse(Encoding.UTF8.GetString(document)).Descendants(ovf + "OperatingSystemSection").Single().Attribute(ovf + "id")!.Value);
        Same(descriptor, Read(document));
    }

    [Fact]
    public void A_descriptor_has_the_elements_of_PowerVC_and_its_system_below_the_envelope()
    {
        var document = XDocument.Parse(Encoding.UTF8.GetString(OvfDescriptorWriter.Write(Sample.Descriptor(Sample.Volume("vol-1", 7, boot: true, gzip: true) with { StoredSize = 5 }))));

        XNamespace ovf = "http://schemas.dmtf.org/ovf/envelope/1";
        XNamespace rasd = "http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_ResourceAllocationSettingData";
        XNamespace powerVc = "ibmpvc";
        var file = document.Root!.Element(ovf + "References")!.Element(ovf + "File")!;
        var disk = document.Root.Element(ovf + "DiskSection")!.Element(ovf + "Disk")!;
        var system = document.Root.Element(ovf + "VirtualSystem")!;
        var item = system.Element(ovf + "VirtualHardwareSection")!.Element(ovf + "Item")!;
        Assert.Equal(["vol-1", "file1", "5", "gzip"], new[] { "href", "id", "size", "compression" }.Select(name => file.Attribute(ovf + name)!.Value));
        Assert.Equal(["7", "byte", "disk1", "file1"], new[] { "capacity", "capacityAllocationUnits", "diskId", "fileRef" }.Select(name => disk.Attribute(ovf + name)!.Value));
        Assert.Equal("ppc64le", system.Element(ovf + "OperatingSystemSection")!.Element(powerVc + "architecture")!.Value);
        Assert.Equal(["vol-1 shown", "ovf:/disk/disk1", "1", "17"], new[] { "ElementName", "HostResource", "InstanceID", "ResourceType" }.Select(name => item.Element(rasd + name)!.Value));
        Assert.Equal("True", item.Element(powerVc + "boot")!.Value);
    }

    [Fact]
    public void A_descriptor_with_any_texts_is_read_back()
    {
        var text = Gen.String[Gen.Char, 1, 300];
        Gen.Select(text, text, Gen.Int[1, 128]).Sample(
            (name, description, count) =>
            {
                var volumes = Enumerable.Range(1, count).Select(number => Sample.Volume($"v{number}", number) with { Name = name }).ToArray();
                var read = Read(OvfDescriptorWriter.Write(Sample.Descriptor(volumes) with { Name = name, Description = description }));

                Assert.Equal(volumes.Select(volume => volume.Href), read.Volumes.Select(volume => volume.Href));
                Assert.InRange(read.Name.Length, 1, 255);
                if (name.All(char.IsAsciiLetterOrDigit) && name.Length <= 255)
                {
                    Assert.Equal(name, read.Name);
                }
            },
            iter: 200);
    }

    [Fact]
    public void Attributes_without_prefix_and_other_prefixes_are_read()
    {
        var read = Read(Utf8(PowerVcs.Unprefixed));

        Assert.Equal("aixdb", read.Name);
        Assert.Equal("aix", read.OsType);
        Assert.Equal("ppc64", read.Architecture);
        var volume = Assert.Single(read.Volumes);
        Assert.Equal(("aixdb_boot", 10L << 30, (long?)null, true), (volume.Href, volume.Capacity, volume.StoredSize, volume.Boot));
    }

    [Theory]
    [InlineData("byte", 3, 3)]
    [InlineData("byte * 2^30", 3, 3L << 30)]
    [InlineData("byte*2^10*2^10", 3, 3L << 20)]
    [InlineData("byte * 10^9", 3, 3_000_000_000)]
    [InlineData("Byte * 1024", 3, 3072)]
    public void Capacity_units_are_converted(string units, long capacity, long bytes) =>
        Assert.Equal(bytes, Read(PowerVcs.With(capacity: $"{capacity}", units: units)).Volumes[0].Capacity);

    [Theory]
    [InlineData("9", null, "aix")]
    [InlineData("85", null, "sles")]
    [InlineData("94", null, "ubuntu")]
    [InlineData("36", "SUSE Linux", "sles")]
    [InlineData("36", null, "rhel")]
    [InlineData("1", "Ubuntu 24.04", "ubuntu")]
    [InlineData("1", "Something else", "ibmi")]
    public void The_operating_system_follows_from_number_then_description_then_meta(string number, string? description, string expected) =>
        Assert.Equal(expected, Read(PowerVcs.With(osId: number, osText: description), OvaMeta.Parse("os-type = ibmi", "x.meta")).OsType);

    [Fact]
    public void The_meta_file_completes_the_descriptor()
    {
        var document = PowerVcs.Two(boot1: null, boot2: null);

        var read = Read(document, OvaMeta.Parse("# by a tool\nos-type = rhel\narchitecture = ppc64le\nvol1-file = one\nvol1-type = data\nvol2-file = two\nvol2-type = boot\nother = x\n", "x.meta"));

        Assert.Equal([false, true], read.Volumes.Select(volume => volume.Boot));
        Assert.Equal("ppc64le", read.Architecture);
        Assert.Equal([true, false], Read(document).Volumes.Select(volume => volume.Boot));
        Assert.Equal([true, true], Read(PowerVcs.Two("True", "true")).Volumes.Select(volume => volume.Boot));
    }

    [Theory]
    [InlineData("nonsense", "line 1")]
    [InlineData("vol1-file = one\nvol1-type = root", "boot or data")]
    [InlineData("vol1-file = ../one", "dot segments")]
    [InlineData("os-type = a b", "at most 64 letters")]
    [InlineData("vol1-file = three\nvol1-type = boot", "no volume's file")]
    public void An_invalid_meta_file_is_refused(string meta, string reason) =>
        Assert.Contains(
            reason,
            Assert.Throws<InvalidOvaException>(() => Read(PowerVcs.Two(null, null), OvaMeta.Parse(meta, "x.meta"))).Message,
            StringComparison.Ordinal);

    private static readonly Dictionary<string, (byte[] Document, string Reason)> HostileDocuments = new()
    {
        ["no XML"] = ("hello"u8.ToArray(), "well-formed"),
        ["empty"] = ([], "well-formed"),
        ["another root"] = ("<a/>"u8.ToArray(), "ovf:Envelope"),
        ["external entity"] = (Utf8("<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>" + PowerVcs.Text(name: "&a;")), "document type"),
        ["entity expansion"] = (Utf8("<!DOCTYPE x [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;'>]>" + PowerVcs.Text(name: "&b;")), "document type"),
        ["deep nesting"] = (Utf8(string.Concat(Enumerable.Repeat("<a>", 200_000))), "deep"),
        ["too big"] = (new byte[(4 << 20) + 1], "At most 4194304"),
        ["no volumes"] = (PowerVcs.With(disk: "", item: ""), "0 volumes"),
        ["file missing"] = (PowerVcs.With(fileRef: "file9"), "not among the references"),
        ["no file and a hostile id"] = (PowerVcs.With(disk: "<ovf:Disk ovf:capacity='1' ovf:diskId='a/../b'/>", hostResource: "ovf:/disk/a/../b"), "dot segments"),
        ["disk missing"] = (PowerVcs.With(hostResource: "ovf:/disk/disk9"), "not in the disk section"),
        ["file as disk"] = (PowerVcs.With(hostResource: "ovf:/file/file1"), "ovf:/disk/"),
        ["two items one disk"] = (PowerVcs.With(item: PowerVcs.Item + PowerVcs.Item), "two hardware items"),
        ["two files one id"] = (PowerVcs.With(file: "<ovf:File ovf:href='a' ovf:id='file1'/><ovf:File ovf:href='b' ovf:id='file1'/>"), "two elements File 'file1'"),
        ["two files one href"] = (PowerVcs.With(file: "<ovf:File ovf:href='a' ovf:id='file1'/><ovf:File ovf:href='A' ovf:id='file2'/>"), "two files have the href 'A'"),
        ["two disks one file"] = (PowerVcs.With(disk: PowerVcs.Disk + PowerVcs.Disk.Replace("disk1", "disk2", StringComparison.Ordinal)), "the same file"),
        ["URL"] = (PowerVcs.With(href: "http://169.254.169.254/x"), "URL"),
        ["absolute"] = (PowerVcs.With(href: "/etc/passwd"), "absolute"),
        ["drive"] = (PowerVcs.With(href: "C:disk"), "absolute"),
        ["traversal"] = (PowerVcs.With(href: "../../etc/passwd"), "dot segments"),
        ["backslash"] = (PowerVcs.With(href: "a\\b"), "backslash"),
        ["empty folder"] = (PowerVcs.With(href: "a//b"), "empty folder"),
        ["control"] = (PowerVcs.With(href: "a&#x85;b"), "control characters"),
        ["no href"] = (PowerVcs.With(file: "<ovf:File ovf:id='file1'/>"), "no href"),
        ["empty href"] = (PowerVcs.With(href: ""), "empty"),
        ["chunks"] = (PowerVcs.With(file: "<ovf:File ovf:href='a' ovf:id='file1' ovf:chunkSize='9'/>"), "chunks"),
        ["compression"] = (PowerVcs.With(file: "<ovf:File ovf:href='a' ovf:id='file1' ovf:compression='bzip2'/>"), "'bzip2'"),
        ["negative size"] = (PowerVcs.With(file: "<ovf:File ovf:href='a' ovf:id='file1' ovf:size='-1'/>"), "'-1'"),
        ["overflowing size"] = (PowerVcs.With(file: "<ovf:File ovf:href='a' ovf:id='file1' ovf:size='99999999999999999999'/>"), "no number of bytes"),
        ["negative capacity"] = (PowerVcs.With(capacity: "-5"), "'-5'"),
        ["property capacity"] = (PowerVcs.With(capacity: "${size}"), "'${size}'"),
        ["absurd capacity"] = (PowerVcs.With(capacity: "9223372036854775807"), "at most 70368744177664"),
        ["overflowing units"] = (PowerVcs.With(capacity: "9223372036854775807", units: "byte * 2^62"), "at most 70368744177664"),
        ["absurd units"] = (PowerVcs.With(units: "byte * 2^62 * 2^62"), "capacity units"),
        ["unknown units"] = (PowerVcs.With(units: "parsec"), "capacity units"),
        ["no capacity"] = (PowerVcs.With(disk: "<ovf:Disk ovf:diskId='disk1' ovf:fileRef='file1'/>"), "no capacity"),
        ["delta disk"] = (PowerVcs.With(disk: "<ovf:Disk ovf:capacity='1' ovf:diskId='disk1' ovf:fileRef='file1' ovf:parentRef='disk0'/>"), "whole disks"),
        ["boot nonsense"] = (PowerVcs.With(boot: "perhaps"), "'perhaps'"),
        ["os id nonsense"] = (PowerVcs.With(osId: "many"), "'many'"),
        ["architecture nonsense"] = (PowerVcs.With(architecture: "ppc; rm -rf"), "architecture"),
        ["long name"] = (Utf8(PowerVcs.Text(name: new string('n', 256))), "1 to 255"),
        ["name in two lines"] = (Utf8(PowerVcs.Text(name: "a\nb")), "control characters"),
        ["two systems"] = (Utf8(PowerVcs.Text().Replace("</ovf:VirtualSystemCollection>", "<ovf:VirtualSystem ovf:id='vs1'/></ovf:VirtualSystemCollection>", StringComparison.Ordinal)), "2 virtual systems"),
        ["129 volumes"] = (PowerVcs.Many(129), "129 volumes"),
    };

    public static TheoryData<string> Hostile => [.. HostileDocuments.Keys];

    [Theory]
    [MemberData(nameof(Hostile))]
    public void A_hostile_descriptor_is_refused_with_its_reason(string what)
    {
        var (document, reason) = HostileDocuments[what];

        var failure = Assert.Throws<InvalidOvaException>(() => Read(document));

        Assert.True(failure.Message.Contains(reason, StringComparison.Ordinal), $"{what}: {failure.Message}");
        Assert.StartsWith("x.ovf", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(failure.Message, char.IsControl);
    }

    [Fact]
    public void Unknown_sections_and_items_that_are_no_disks_are_ignored()
    {
        var text = PowerVcs.Text()
            .Replace("</ovf:DiskSection>", "</ovf:DiskSection><p:pvsadmversionsection xmlns:p='urn:x' ovf:required='false'><p:v>1</p:v></p:pvsadmversionsection>", StringComparison.Ordinal)
            .Replace("<ovf:Item>", "<ovf:Item><rasd:InstanceID>9</rasd:InstanceID><rasd:ResourceType>3</rasd:ResourceType></ovf:Item><ovf:Item>", StringComparison.Ordinal);

        Assert.Single(Read(Utf8(text)).Volumes);
    }

    private static OvfDescriptor Read(byte[] document, OvaMeta? meta = null) =>
        OvfDescriptorReader.Read(document, "x.ovf", meta, new OvaReaderOptions { ScratchDirectory = "unused" });

    private static void Same(OvfDescriptor expected, OvfDescriptor actual)
    {
        Assert.Equal(expected with { Volumes = [] }, actual with { Volumes = expected.Volumes is [] ? actual.Volumes : [] });
        Assert.Equal(expected.Volumes, actual.Volumes);
    }

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
