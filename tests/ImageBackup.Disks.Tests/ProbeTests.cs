using System.Text;
using ImageBackup.Disks.Tests.Support;

namespace ImageBackup.Disks.Tests;

/// <summary>No file of a known format is taken for a raw disk.</summary>
public sealed class ProbeTests : IDisposable
{
    private readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Theory]
    [InlineData("qcow", "", DiskFormat.Qcow2)]
    [InlineData("qcow2", "compat=0.10", DiskFormat.Qcow2)]
    [InlineData("qcow2", "", DiskFormat.Qcow2)]
    [InlineData("qed", "", DiskFormat.Qed)]
    [InlineData("vmdk", "subformat=monolithicSparse", DiskFormat.Vmdk)]
    [InlineData("vmdk", "subformat=streamOptimized", DiskFormat.Vmdk)]
    [InlineData("vmdk", "subformat=monolithicFlat", DiskFormat.Vmdk)]
    [InlineData("vmdk", "subformat=twoGbMaxExtentSparse", DiskFormat.Vmdk)]
    [InlineData("vmdk", "subformat=twoGbMaxExtentFlat", DiskFormat.Vmdk)]
    [InlineData("vpc", "subformat=dynamic", DiskFormat.Vhd)]
    [InlineData("vpc", "subformat=fixed", DiskFormat.Vhd)]
    [InlineData("vhdx", "", DiskFormat.Vhdx)]
    [InlineData("vdi", "static=off", DiskFormat.Vdi)]
    [InlineData("vdi", "static=on", DiskFormat.Vdi)]
    [InlineData("parallels", "", DiskFormat.Parallels)]
    [InlineData("raw", "", DiskFormat.Raw)]
    public void Images_of_qemu_are_known(string format, string options, DiskFormat expected)
    {
        Tool.QemuImg(["create", "-f", format, .. options.Length > 0 ? new[] { "-o", options } : [], scratch["x"], "3M"]);

        Assert.Equal(expected, ProbeFile("x"));
    }

    [Theory]
    [InlineData("gzip", "-k x", "x.gz", DiskFormat.Gzip)]
    [InlineData("xz", "-k x", "x.xz", DiskFormat.Xz)]
    [InlineData("zstd", "-q x", "x.zst", DiskFormat.Zstd)]
    [InlineData("bzip2", "-k x", "x.bz2", DiskFormat.Bzip2)]
    [InlineData("zip", "-q x.zip x", "x.zip", DiskFormat.Zip)]
    [InlineData("tar", "cf x.tar x", "x.tar", DiskFormat.Tar)]
    [InlineData("tar", "cf x.tar --format=ustar x", "x.tar", DiskFormat.Tar)]
    [InlineData("tar", "cf x.tar --format=pax x", "x.tar", DiskFormat.Tar)]
    [InlineData("tar", "cSf x.tar x", "x.tar", DiskFormat.Tar)]
    public void Archives_are_known(string program, string arguments, string name, DiskFormat expected)
    {
        foreach (var contents in new[] { [], Content.Noise(100_000, 1) })
        {
            scratch.Write("x", contents);
            File.Delete(scratch[name]);
            Tool.Run("sh", "-c", $"cd '{scratch["."]}' && {program} {arguments}");

            Assert.Equal(expected, ProbeFile(name));
        }
    }

    [Theory]
    [InlineData("# Disk DescriptorFile\nversion=1\n")]
    [InlineData("\ufeff# disk descriptorfile\r\nversion=1\r\n")]
    [InlineData("#\n\n  # made by hand\nversion = 3\n")]
    [InlineData("version=1")]
    [InlineData("\n\nVERSION=2\n")]
    public void Vmdk_descriptors_are_known_in_every_spelling(string text) =>
        Assert.Equal(DiskFormat.Vmdk, DiskProbe.Probe(Encoding.UTF8.GetBytes(text), []));

    [Theory]
    [InlineData("434f5744", DiskFormat.Vmdk)] // COWD
    [InlineData("bebafeca00000000", DiskFormat.Vmdk)] // SESPARSE
    [InlineData("504b0708", DiskFormat.Zip)]
    [InlineData("377abcaf271c", DiskFormat.SevenZip)]
    [InlineData("04224d18", DiskFormat.Lz4)]
    [InlineData("5a2a4d18", DiskFormat.Zstd)]
    public void Other_signatures_are_known(string hex, DiskFormat expected) =>
        Assert.Equal(expected, DiskProbe.Probe(Convert.FromHexString(hex), []));

    [Theory]
    [InlineData("conectix", 0, DiskFormat.Vhd)]
    [InlineData("conectix", 1, DiskFormat.Vhd)]
    [InlineData("koly", 0, DiskFormat.Dmg)]
    [InlineData("conectix", 2, DiskFormat.Raw)]
    public void The_end_of_a_file_is_looked_at(string magic, int offset, DiskFormat expected)
    {
        var tail = new byte[DiskProbe.TailLength];
        Encoding.ASCII.GetBytes(magic, tail.AsSpan(offset));

        Assert.Equal(expected, DiskProbe.Probe(new byte[DiskProbe.HeadLength], tail));
    }

    /// <summary>Files of any length, also shorter than a signature or than what the probe wants to see.</summary>
    [Fact]
    public void Raw_bytes_are_raw()
    {
        foreach (var length in new[] { 0, 1, 3, 4, 63, 64, 257, 258, 511, 512, 4096, 5000 })
        {
            scratch.Write("x", new byte[length]);
            Assert.Equal(DiskFormat.Raw, ProbeFile("x"));

            scratch.Write("x", Content.Noise(length, length));
            Assert.Equal(DiskFormat.Raw, ProbeFile("x"));
        }

        // An MBR, AIX's boot record, a text that only begins like a comment.
        Assert.Equal(DiskFormat.Raw, DiskProbe.Probe([0xeb, 0x63, 0x90, .. new byte[507], 0x55, 0xaa], new byte[512]));
        Assert.Equal(DiskFormat.Raw, DiskProbe.Probe([0xc9, 0xc2, 0xd4, 0xc1, .. new byte[508]], new byte[512]));
        Assert.Equal(DiskFormat.Raw, DiskProbe.Probe("#!/bin/sh\nversion_of=1\n"u8, []));
    }

    [Fact]
    public void Every_short_head_is_probed()
    {
        foreach (var format in new[] { "qcow2", "vmdk", "vpc", "vhdx", "vdi" })
        {
            Tool.QemuImg("create", "-f", format, scratch["x"], "1M");
            var bytes = File.ReadAllBytes(scratch["x"]).AsSpan(0, 512);
            for (var length = 0; length < bytes.Length; length++)
            {
                DiskProbe.Probe(bytes[..length], bytes[..length]);
            }
        }
    }

    [Theory]
    [InlineData("http://www.vmware.com/interfaces/specifications/vmdk.html#streamOptimized", DiskFormat.Vmdk)]
    [InlineData("http://www.vmware.com/specifications/vmdk.html#sparse", DiskFormat.Vmdk)]
    [InlineData("http://www.gnome.org/~markmc/qcow-image-format.html", DiskFormat.Qcow2)]
    [InlineData("http://people.gnome.org/~markmc/qcow-image-format.html#monolithic_sparse", DiskFormat.Qcow2)]
    [InlineData("http://www.microsoft.com/technet/virtualserver/downloads/vhdspec.mspx", DiskFormat.Vhd)]
    [InlineData("http://technet.microsoft.com/en-us/library/bb676673.aspx", DiskFormat.Vhd)]
    [InlineData("http://forums.virtualbox.org/viewtopic.php?t=8046#monolithic_sparse", DiskFormat.Vdi)]
    [InlineData("http://www.ecma-international.org/publications/files/ECMA-ST/Ecma-119.pdf", DiskFormat.Raw)]
    [InlineData("http://wiki.rpath.com/wiki/rBuilder_Online:Raw_Hard_Disk_Image", DiskFormat.Raw)]
    [InlineData("raw", DiskFormat.Raw)]
    [InlineData("urn:example:unknown", null)]
    public void Ovf_formats_are_known(string uri, DiskFormat? expected) => Assert.Equal(expected, DiskFormatNames.FromOvf(uri));

    [Theory]
    [InlineData("raw", DiskFormat.Raw)]
    [InlineData("iso", DiskFormat.Raw)]
    [InlineData("QCOW2", DiskFormat.Qcow2)]
    [InlineData("vmdk", DiskFormat.Vmdk)]
    [InlineData("vhd", DiskFormat.Vhd)]
    [InlineData("vhdx", DiskFormat.Vhdx)]
    [InlineData("vdi", DiskFormat.Vdi)]
    [InlineData("ploop", DiskFormat.Parallels)]
    [InlineData("floppy", null)]
    public void Disk_formats_of_glance_are_known(string word, DiskFormat? expected) => Assert.Equal(expected, DiskFormatNames.FromGlance(word));

    private DiskFormat ProbeFile(string name)
    {
        using var source = new FileSource(scratch[name]);
        return DiskProbe.Probe(source);
    }
}
