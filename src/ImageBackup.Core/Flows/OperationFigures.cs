using System.Globalization;

namespace ImageBackup.Core.Flows;

/// <summary>What an operation moved, for its line in the log.</summary>
/// <param name="Name">The name of the image backup, the image or the archive.</param>
/// <param name="VolumeBytes">Bytes of the volumes; null if the operation has none.</param>
/// <param name="ArchiveBytes">Bytes of the archive; null if it is not known.</param>
public sealed record OperationFigures(string? Name, long? VolumeBytes, long? ArchiveBytes)
{
    private const double Mebibyte = 1 << 20;

    /// <summary>Returns sizes, ratio, seconds and rate, such as <c>volumes 64.0 MiB, archive 6.1 MiB (10 %), 0.4 s, 160.0 MiB/s</c>.</summary>
    public string Describe(TimeSpan took)
    {
        var parts = new List<string>();
        if (VolumeBytes is { } volumes)
        {
            parts.Add($"volumes {Mebibytes(volumes)}");
        }

        if (ArchiveBytes is { } archive)
        {
            parts.Add($"archive {Mebibytes(archive)}" + (VolumeBytes > 0 ? string.Create(CultureInfo.InvariantCulture, $" ({100.0 * archive / VolumeBytes.Value:0} %)") : ""));
        }

        parts.Add(string.Create(CultureInfo.InvariantCulture, $"{took.TotalSeconds:0.0} s"));
        if ((VolumeBytes ?? ArchiveBytes) is { } moved && took > TimeSpan.Zero)
        {
            parts.Add($"{Mebibytes(moved / took.TotalSeconds)}/s");
        }

        return string.Join(", ", parts);
    }

    private static string Mebibytes(double bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / Mebibyte:0.0} MiB");
}
