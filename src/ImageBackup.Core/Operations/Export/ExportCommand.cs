using ImageBackup.Ova;

namespace ImageBackup.Core.Operations.Export;

/// <summary>A validated request to export an image (Tables 2 and 4).</summary>
public sealed record ExportCommand
{
    public required string Name { get; init; }

    public string? Description { get; init; }

    public required string SrcImageId { get; init; }

    public string? BackupHost { get; init; }

    public required bool UploadToCos { get; init; }

    public required OvaCompression Compression { get; init; }

    public string? CosBucket { get; init; }
}
