using ImageBackup.Disks.Mapping;

namespace ImageBackup.Disks.Vhd;

/// <summary>The guest's disk in a fixed VHD: the bytes in front of the footer.</summary>
internal sealed class VhdFixedDisk : MappedDisk
{
    public VhdFixedDisk(DiskSource source, VhdFooter footer)
        : base(source)
    {
        if (footer.DiskSize > footer.FooterOffset)
        {
            throw DiskImageException.Damaged($"The VHD's disk has {footer.DiskSize} bytes; its file has {footer.FooterOffset} in front of the footer.");
        }

        Length = footer.DiskSize;
    }

    public override long Length { get; }

    protected override Run Locate(long offset) => Run.Plain(Length - offset, offset);
}
