using ImageBackup.TestSupport;

namespace ImageBackup.Api.Tests.ImageBackups;

/// <summary>Archives in the shapes of other programs, made by the real tar, bsdtar, qemu-img, qemu-io, gzip, xz and zstd.</summary>
/// <param name="Script">Packs the files of the current directory into <c>$OUT</c>. <c>boot</c> and <c>data</c> are raw disks; <c>boot.ovf</c> is to be written.</param>
/// <param name="Volumes">The raw disks that the volumes have, in the order of the import, each with the capacity of its volume.</param>
internal sealed record ForeignShape(string Script, params (string Disk, long Capacity)[] Volumes)
{
    private const long MiB = 1 << 20;
    private const string Ns = "xmlns='http://schemas.dmtf.org/ovf/envelope/1' xmlns:ovf='http://schemas.dmtf.org/ovf/envelope/1'";
    private const string Cim = "http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_";
    private const string Rasd = $"xmlns:rasd='{Cim}ResourceAllocationSettingData'";

    public static readonly IReadOnlyDictionary<string, ForeignShape> All = new Dictionary<string, ForeignShape>
    {
        ["rhcos.ova.gz"] = new(
            Ovf($"<Envelope {Ns}><References><File href='boot' id='file1' size='4194304'/></References><DiskSection><Info/><Disk capacity='6291456' capacityAllocationUnits='byte' diskId='disk1' fileRef='file1'/></DiskSection></Envelope>")
            + "tar -Sch boot.ovf boot | gzip -c > $OUT",
            ("boot", 6 * MiB)),
        ["pvsadm.ova.gz"] = new(
            Ovf($"<Envelope {Ns}><References><File href='boot' id='file1' size='4194304'/></References><DiskSection><Info/><Disk capacity='8388608' diskId='disk1' fileRef='file1'/></DiskSection></Envelope>")
            + "printf 'os-type = rhel\\narchitecture = ppc64le\\nvol1-file = boot\\nvol1-type = boot\\n' > boot.meta; tar -cf - boot.ovf boot.meta boot | gzip -c > $OUT",
            ("boot", 8 * MiB)),
        ["tar-of-a-directory.ova"] = new(Ovf(Two("boot", "data")) + "mkdir d; mv boot.ovf d; cp --sparse=always boot data d; tar -C d -cf $OUT .", ("boot", 4 * MiB), ("data", 2 * MiB)),
        ["sub-folder-in-xz.ova"] = new(
            Ovf(Two("boot", "disks/data")) + "mkdir -p d/sub/disks; mv boot.ovf d/sub; gzip -c boot > d/sub/boot; cp data d/sub/disks; cd d; sha256sum sub/boot.ovf sub/boot sub/disks/data"
            + " | sed 's#\\(.*\\)  sub/\\(.*\\)#SHA256(\\2)= \\1#' > sub/boot.mf; tar -cf - sub | xz -c > $OUT",
            ("boot", 4 * MiB),
            ("data", 2 * MiB)),
        ["vmware.ova"] = new(
            Ovf($"""
                <Envelope {Ns} {Rasd}><References><File ovf:href='vm-disk1.vmdk' ovf:id='file1'/><File ovf:href='vm.iso' ovf:id='file2'/></References>
                <DiskSection><Info/><Disk ovf:capacity='4' ovf:capacityAllocationUnits='byte * 2^20' ovf:diskId='vmdisk1' ovf:fileRef='file1' ovf:populatedSize='100000'
                  ovf:format='http://www.vmware.com/interfaces/specifications/vmdk.html#streamOptimized'/></DiskSection>
                <VirtualSystem ovf:id='vm'><Info/><VirtualHardwareSection><Info/>
                  <Item><rasd:HostResource>ovf:/disk/vmdisk1</rasd:HostResource><rasd:InstanceID>1</rasd:InstanceID><rasd:ResourceType>17</rasd:ResourceType></Item>
                  <Item><rasd:HostResource>ovf:/file/file2</rasd:HostResource><rasd:InstanceID>2</rasd:InstanceID><rasd:ResourceType>15</rasd:ResourceType></Item>
                </VirtualHardwareSection></VirtualSystem></Envelope>
                """)
            + "qemu-img convert -f raw -O vmdk -o subformat=streamOptimized boot vm-disk1.vmdk; head -c 5000 data > vm.iso; sha1sum boot.ovf vm-disk1.vmdk vm.iso"
            + " | sed 's/\\(.*\\)  \\(.*\\)/SHA1(\\2)= \\1/' > boot.mf; tar --format=ustar -cf $OUT boot.ovf vm-disk1.vmdk vm.iso boot.mf",
            ("boot", 4 * MiB)),
        ["virtualbox.ova"] = new(
            Ovf(Two("boot.vmdk", "data.vdi"), byteOrderMark: true)
            + "qemu-img convert -f raw -O vmdk -o subformat=monolithicSparse boot boot.vmdk; qemu-img convert -f raw -O vdi data data.vdi; sha512sum boot.ovf boot.vmdk data.vdi"
            + " | sed 's/\\(.*\\)  \\(.*\\)/SHA512 (\\2) = \\1\\r/' > boot.mf; tar -cf $OUT boot.ovf boot.mf boot.vmdk data.vdi",
            ("boot", 4 * MiB),
            ("data", 2 * MiB)),
        ["ovirt.ova"] = new(
            Ovf("""
                <ovf:Envelope xmlns:ovf='http://schemas.dmtf.org/ovf/envelope/1/'><References><File ovf:href='d1' ovf:id='d1'/><File ovf:href='d2' ovf:id='d2'/></References><DiskSection><Info/>
                <Disk ovf:capacity='4194304' ovf:diskId='d1' ovf:fileRef='d1' ovf:parentRef='' ovf:volume-format='COW' ovf:format='http://www.vmware.com/specifications/vmdk.html#sparse'/>
                <Disk ovf:capacity='2097152' ovf:diskId='d2' ovf:fileRef='d2' ovf:parentRef='' ovf:volume-format='RAW' ovf:format='http://www.vmware.com/specifications/vmdk.html#sparse'/>
                </DiskSection></ovf:Envelope>
                """)
            + "qemu-img convert -f raw -O qcow2 -o compat=0.10 boot d1; mv data d2; cp d2 data; tar -cf $OUT boot.ovf d1 d2",
            ("boot", 4 * MiB),
            ("data", 2 * MiB)),
        ["ovf2.ova"] = new(
            Ovf($"""
                <ovf:Envelope xmlns:ovf='http://schemas.dmtf.org/ovf/envelope/2' xmlns:sasd='{Cim}StorageAllocationSettingData.xsd'>
                <ovf:References><ovf:File ovf:href='boot.vhdx' ovf:id='f1'/><ovf:File ovf:href='data.vhd' ovf:id='f2'/></ovf:References><ovf:DiskSection><ovf:Info/>
                <ovf:Disk ovf:capacity='4194304' ovf:diskId='d1' ovf:fileRef='f1'/><ovf:Disk ovf:capacity='2097152' ovf:diskId='d2' ovf:fileRef='f2'/></ovf:DiskSection>
                <ovf:VirtualSystem ovf:id='x'><ovf:Info/><ovf:VirtualHardwareSection><ovf:Info/>
                <ovf:StorageItem><sasd:HostResource>ovf:/disk/d1</sasd:HostResource><sasd:InstanceID>1</sasd:InstanceID><sasd:ResourceType>17</sasd:ResourceType></ovf:StorageItem>
                <ovf:StorageItem><sasd:HostResource>ovf:/disk/d2</sasd:HostResource><sasd:InstanceID>2</sasd:InstanceID><sasd:ResourceType>17</sasd:ResourceType></ovf:StorageItem>
                </ovf:VirtualHardwareSection></ovf:VirtualSystem></ovf:Envelope>
                """)
            + "qemu-img convert -f raw -O vhdx boot boot.vhdx; qemu-img convert -f raw -O vpc -o subformat=fixed,force_size=on data data.vhd; tar -cf $OUT boot.ovf boot.vhdx data.vhd",
            ("boot", 4 * MiB),
            ("data", 2 * MiB)),
        ["skytap.ova"] = new(Ovf(Two("boot", "data")) + "tar -cf - boot.ovf boot data | gzip -c > $OUT", ("boot", 4 * MiB), ("data", 2 * MiB)),
        ["macos.ova"] = new(Ovf(Two("boot", "data")) + "cp data ._boot; cp data ._boot.ovf; bsdtar --format=ustar -cf $OUT ._boot.ovf boot.ovf ._boot boot data", ("boot", 4 * MiB), ("data", 2 * MiB)),
        ["bsdtar-sparse.ova.zst"] = new(Ovf(Two("boot", "data")) + "bsdtar --format=pax -cf - boot.ovf boot data | zstd -q -c > $OUT", ("boot", 4 * MiB), ("data", 2 * MiB)),
        ["blank-disk.ova"] = new(
            Ovf($"<Envelope {Ns}><References><File href='boot' id='f1'/></References><DiskSection><Info/><Disk capacity='4194304' diskId='d1' fileRef='f1'/><Disk capacity='3145728' diskId='d2'/></DiskSection></Envelope>")
            + "tar -cf $OUT boot.ovf boot",
            ("boot", 4 * MiB),
            ("/dev/null", 3 * MiB)),
    };

    /// <summary>Makes the disks and packs the archive.</summary>
    public async Task PackAsync(string directory, string archive)
    {
        await Tool.RunAsync("sh", "-c", $"""
            set -e; cd '{directory}'; OUT='{archive}'
            for disk in 'boot 4M 3' 'data 2M 5'; do set -- $disk
              qemu-img create -q -f qcow2 made.qcow2 $2
              qemu-io -f qcow2 -c "write -P $3 0 70k" -c "write -P 0xa$3 1M 33k" -c "write -z 1100k 64k" -c "write -P 7 1900k 100k" made.qcow2 > io.log
              head -c 100000 /dev/urandom > noise; qemu-io -f qcow2 -c "write -s noise 300k 100000" made.qcow2 >> io.log
              qemu-img convert -f qcow2 -O raw made.qcow2 $1
            done
            {Script}
            """);
    }

    private static string Two(string boot, string data) =>
        $"<Envelope {Ns}><References><File href='{boot}' id='f1'/><File href='{data}' id='f2'/></References><DiskSection><Info/>"
        + "<Disk capacity='4194304' diskId='d1' fileRef='f1'/><Disk capacity='2097152' diskId='d2' fileRef='f2'/></DiskSection></Envelope>";

    private static string Ovf(string document, bool byteOrderMark = false) => $"""
        {(byteOrderMark ? "printf '\\357\\273\\277' > boot.ovf" : ": > boot.ovf")}
        cat >> boot.ovf <<'END'
        {document.Trim()}
        END

        """;
}
